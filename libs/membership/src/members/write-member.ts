import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { InvitationsRepository } from '../invitations/invitations.repository.js';
import { GrantsRepository } from '../roles/grants.repository.js';
import { GivenRolesRepository } from './given-roles.repository.js';
import { MemberChanges } from './member-changes.js';
import type { Given } from './member-places.js';

type Request = RequestOf<typeof membership.setMember>;

/** `role`: what the user has at the place from now on; `replaces`: whether it was asked for. */
export type MemberWrite = Pick<Request, 'userId' | 'place' | 'status' | 'grantor'> & { role: string; present: Given; replaces: boolean };

const { membershipErrors } = membership;
const pending = (message: string, path: 'role' | 'status') => membershipErrors.failure('invitation-pending', message, { details: [{ path, message: 'is of somebody who was invited' }] });

/** Writes what somebody is at a place, once it is settled that they may be. */
@Injectable()
export class WriteMember {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly given: GivenRolesRepository,
    private readonly invitations: InvitationsRepository,
    private readonly changes: MemberChanges,
  ) {}

  /** @returns whether anything changed */
  async write(tx: Transaction, write: MemberWrite, context: CallContext): Promise<boolean> {
    const { userId, place, present, grantor } = write;
    if (place.level === 'organisation') return this.inOrganisation(tx, place.organisationId, write);
    const granted = await this.below(tx, write);
    // Whoever has something in a team or a project is a member of its organisation, as those are who come by invitation: else no list of it would have them.
    const joined = granted && (await this.given.join(tx, present.organisationId, userId, grantor.actor.id));
    if (joined) await this.changes.tell(tx, userId, { action: 'role.granted', actor: grantor.actor, organisationId: present.organisationId, projectId: null, before: [], after: ['role:member'] }, context);
    return granted;
  }

  private async inOrganisation(tx: Transaction, organisationId: string, { userId, role, status, present, grantor, replaces }: MemberWrite): Promise<boolean> {
    if (present.roles[0]?.status === 'invited') await this.mayChangeInvited(tx, organisationId, { userId, role: replaces ? role : undefined, status });
    if (role !== 'org_admin' || status === 'inactive') await this.changes.keepAnAdmin(tx, organisationId, userId);
    const granted = await this.grants.inOrganisation(tx, organisationId, userId, role, grantor.actor.id);
    const moved = status !== undefined && (await this.given.setStatus(tx, organisationId, userId, status, grantor.actor.id));
    return granted || moved;
  }

  /**
   * Somebody who was invited becomes active by accepting and by nothing else, and then has the role that their invitation has.
   * @throws Failure `invitation-pending`
   */
  private async mayChangeInvited(tx: Transaction, organisationId: string, { userId, role, status }: Pick<Request, 'userId' | 'role' | 'status'>): Promise<void> {
    if (status === 'active') throw pending('The user was invited, and becomes active by accepting.', 'status');
    if (status === 'inactive') throw pending('The user was invited, and has not accepted: take the invitation back instead.', 'status');
    if (role === undefined) return;
    const isAwaited = await this.invitations.assign(tx, organisationId, userId, role);
    if (!isAwaited && role !== 'member') throw pending(`The user was invited to a team or a project alone: invite them to the organisation as ${role}.`, 'role');
  }

  private async below(tx: Transaction, { userId, place, role, present, grantor, replaces }: MemberWrite): Promise<boolean> {
    if (place.level === 'project') return replaces && this.given.setInProject(tx, place.projectId, userId, role, grantor.actor.id);
    return this.grants.inTeam(tx, present.team!, userId, role, grantor.actor.id);
  }
}
