import { auditEntities } from '#libs/platform/audit';
import { eventsEntities } from '#libs/platform/events';
import { idempotencyEntities } from '#libs/platform/idempotency';
import { dataKeysEntities } from '#libs/platform/keys';
import { upkeepEntities } from '#libs/platform/upkeep';
import { InvitationRow } from '../invitations/invitation.entity.js';
import { Organisation } from '../organisations/organisation.entity.js';
import { DirectoryEntry } from '../directory/directory-entry.entity.js';
import { Listing } from '../directory/listing.entity.js';
import { ProjectRole } from '../project-roles/project-role.entity.js';
import { Project } from '../projects/project.entity.js';
import { DeploymentMember } from '../roles/deployment-member.entity.js';
import { Member } from '../roles/member.entity.js';
import { OrganisationMember } from '../roles/organisation-member.entity.js';
import { ProjectMember } from '../roles/project-member.entity.js';
import { TeamMember } from '../roles/team-member.entity.js';
import { Team } from '../teams/team.entity.js';

export const entities = [...eventsEntities, ...dataKeysEntities, ...auditEntities, ...idempotencyEntities, ...upkeepEntities, Organisation, Team, Project, Member, DeploymentMember, OrganisationMember, TeamMember, ProjectMember, DirectoryEntry, Listing, ProjectRole, InvitationRow] as const;
