import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import type { Member } from './given-roles.repository.js';
import { MemberChanges } from './member-changes.js';
import { MemberPlaces } from './member-places.js';
import { PlaceAuthority } from './place-authority.js';
import { WriteMember } from './write-member.js';

type Request = RequestOf<typeof membership.setMember>;
type Change = Pick<Request, 'role' | 'status'>;

const { membershipErrors } = membership;

@Injectable()
export class SetMember {
  constructor(
    private readonly database: Database,
    private readonly places: MemberPlaces,
    private readonly authority: PlaceAuthority,
    private readonly writeMember: WriteMember,
    private readonly changes: MemberChanges,
  ) {}

  async set(request: Request, context: CallContext): Promise<Member> {
    const { member, changed } = await this.database.withTransaction((tx) => this.within(tx, request, context));
    if (changed) await this.follow(request.userId, context);
    return member;
  }

  /** After the commit of `within` that changed something. */
  follow(userId: string, context: CallContext): Promise<void> {
    return this.changes.follow(userId, context);
  }

  async within(tx: Transaction, { userId, place, role, status, grantor }: Request, context: CallContext): Promise<{ member: Member; changed: boolean }> {
    await this.changes.lock(tx, userId, grantor.actor);
    const present = await this.places.find(tx, place, userId);
    const { held, everywhere } = await this.authority.permissionsOf(tx, place, grantor);
    await this.authority.mustKnow(tx, present.organisationId, userId, everywhere);
    const wanted = role ?? present.roles[0]?.role;
    if (wanted === undefined) throw membershipErrors.failure('role-required', 'Name a role: the user has none here yet.', { details: [{ path: 'role', message: 'is required' }] });
    await this.authority.mayTake(tx, place, present.roles.map((one) => one.role), held);
    if (role !== undefined) await this.authority.mayGive(tx, place, role, held);
    const changed = await this.writeMember.write(tx, { userId, place, role: wanted, status, grantor, present, replaces: role !== undefined }, context);
    const projectId = place.level === 'project' ? place.projectId : null;
    const [member] = (await this.places.find(tx, place, userId)).roles.filter((one) => one.role === wanted);
    const told = { before: present.roles.flatMap((one) => facts(one, { role, status })), after: facts(member!, { role, status }) };
    if (changed) await this.changes.tell(tx, userId, { action: role === undefined ? 'membership.changed' : 'role.granted', actor: grantor.actor, organisationId: present.organisationId, projectId, ...told }, context);
    return { member: member!, changed };
  }
}

/** Of the role and the status, what was asked to change. */
function facts({ role, status }: Member, asked: Change): string[] {
  return [...(asked.role === undefined ? [] : [`role:${role}`]), ...(asked.status === undefined || status === null ? [] : [`status:${status}`])];
}
