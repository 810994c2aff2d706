import { masterKeyConfig } from '#libs/platform/config';
import { defineTarget } from '#libs/platform/runtime';
import { invitationsConfig } from './invitations/invitations.config.js';
import { membershipDatabase, MembershipModule } from './membership.module.js';

/** Organisations, teams, projects, roles, and what they let people do. */
export const membershipTarget = defineTarget({ name: 'membership', module: MembershipModule, database: membershipDatabase, config: [masterKeyConfig, invitationsConfig] });
