import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, GroupCommit, nextTurn, type Outcome, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { MembersRepository } from '../roles/members.repository.js';
import { GrantAuthority } from './grant-authority.js';
import { HeldRolesRepository, type RolesInProject } from './held-roles.repository.js';

type RolesWrite = RequestOf<typeof membership.setProjectRoles> & { context: CallContext };

/** What a write changes of what there is. */
interface Change {
  write: RolesWrite;
  present: RolesInProject;
  added: string[];
  taken: string[];
}

/** The transactions that replace roles of users at home in a project. Those that arrive together share one; each is answered after the commit of its own. */
@Injectable()
export class WriteProjectRoles {
  private readonly writes: GroupCommit<RolesWrite, RolesInProject>;

  constructor(
    private readonly database: Database,
    private readonly authority: GrantAuthority,
    private readonly held: HeldRolesRepository,
    private readonly members: MembersRepository,
    private readonly outbox: Outbox,
  ) {
    const rules = { items: 64, gather: nextTurn, keyOf: ({ userId }: RolesWrite) => userId.toLowerCase() };
    this.writes = new GroupCommit((writes: readonly RolesWrite[]) => database.withTransaction((tx) => this.writeAll(tx, writes)), rules);
  }

  /**
   * What a user asks for has a transaction of its own, which holds their roles too.
   * @throws Failure of `GrantAuthority`; `project-not-found`, `role-unknown`
   */
  write(write: RolesWrite): Promise<RolesInProject> {
    if (write.grantor.actor.type !== 'user') return this.writes.submit(write, write.context.deadlineAt);
    return this.database.withTransaction(async (tx) => {
      const { isNew } = await this.authority.lock(tx, write.userId, write.grantor);
      const change = await this.permit(tx, write, isNew);
      return (await this.make(tx, [change]))[0]!;
    });
  }

  /** A refusal takes the whole back, so that nothing stays of it; those who are not refused are written without it. */
  private async writeAll(tx: Transaction, writes: readonly RolesWrite[]): Promise<Outcome<RolesInProject>[]> {
    const taken = await this.members.takeAll(tx, writes.map(({ userId }) => userId));
    const changes: Change[] = [];
    for (const write of writes) {
      const standing = taken.get(write.userId.toLowerCase());
      if (standing === undefined) throw membership.membershipErrors.failure('user-not-found', 'There is no such user.');
      changes.push(await this.permit(tx, write, standing === 'new'));
    }
    return (await this.make(tx, changes)).map((answer) => ({ answer }));
  }

  /** @param isNew nobody here had heard of the user, who is locked */
  private async permit(tx: Transaction, write: RolesWrite, isNew: boolean): Promise<Change> {
    const { projectId, userId, roles, grantor } = write;
    const present = isNew ? { userId: userId.toLowerCase(), version: 0, roles: [] } : (await this.held.describe(tx, projectId, [userId]))[0]!;
    const added = [...new Set(roles)].filter((role) => !present.roles.includes(role));
    const taken = present.roles.filter((role) => !roles.includes(role));
    if (added.length + taken.length > 0) {
      await this.authority.mayGrant(tx, projectId, added, grantor, roles);
      if (!isNew) await this.authority.mayDisposeOf(tx, projectId, userId, grantor);
    }
    return { write, present, added, taken };
  }

  private async make(tx: Transaction, changes: readonly Change[]): Promise<RolesInProject[]> {
    const made = changes.filter(({ added, taken }) => added.length + taken.length > 0);
    if (made.length === 0) return changes.map(({ present }) => present);
    for (const { write: { projectId, userId }, taken } of made) if (taken.length > 0) await this.held.take(tx, projectId, userId, taken);
    await this.held.add(tx, made.flatMap(({ write: { projectId, userId, grantor }, added }) => added.map((role) => ({ projectId, userId, role, actorId: grantor.actor.id }))));
    const versions = await this.members.bumpAll(tx, made.map(({ present }) => present.userId), true);
    await this.outbox.appendEach(tx, made.map(({ write: { projectId, userId, context }, present }) => ({ context, event: event(membership.rolesChanged, { userId, version: versions.get(present.userId)!, projectId }) })));
    const audited = ({ write: { projectId, userId, grantor }, added, taken }: Change) => ({ actor: grantor.actor, action: 'user.roles-changed', target: { type: 'user', id: userId }, projectId, before: taken, after: added });
    await auditTrail.appendEach(tx, made.map((change) => ({ context: change.write.context, entry: audited(change) })));
    return changes.map(({ present: { userId, version, roles }, added, taken }) => ({ userId, version: versions.get(userId) ?? version, roles: [...roles.filter((role) => !taken.includes(role)), ...added].sort() }));
  }
}
