import { Injectable } from '@nestjs/common';
import { membership, permissionTable, type Actor } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { SetMember } from '../members/set-member.js';
import { everything, FindStaff } from './find-staff.js';
import { LastAdministrators } from './last-administrators.js';

@Injectable()
export class SetStaffStatus {
  constructor(
    private readonly findStaff: FindStaff,
    private readonly setMember: SetMember,
    private readonly last: LastAdministrators,
  ) {}

  /** Somebody's status in all organisations that they share with the viewer and the viewer administers. */
  async within(tx: Transaction, { userId, status, viewer, actor }: { userId: string; status: 'active' | 'inactive'; viewer: membership.Viewer; actor: Actor }, context: CallContext): Promise<{ hasStatus: boolean; changed: boolean }> {
    await this.findStaff.get(userId, viewer, tx);
    const isRoot = (await this.findStaff.reachOf(viewer, tx)).everything;
    const administered = isRoot ? [] : await this.findStaff.administeredBy(viewer, tx);
    const { roles = [] } = (await this.findStaff.describe([userId], everything, tx))[0] ?? {};
    const mine = roles.filter(({ level, organisationId }) => level === 'organisation' && organisationId !== null && (isRoot || administered.includes(organisationId)));
    if (mine.length === 0 && !isRoot) throw membership.membershipErrors.failure('permission-missing', 'This takes an administrator of the user’s organisation.');
    if (mine.length === 0 && status === 'inactive') await this.mayClose(tx, userId, viewer);
    // Who was invited there has yet to accept, whatever they are elsewhere; where they are invited only, that is the answer.
    const joined = mine.filter((one) => one.status !== 'invited');
    const grantor = { actor, permissions: everyPermission, everywhere: isRoot };
    let changed = false;
    // In the order of ids, so that two changes of the same person don't wait for one another.
    for (const { organisationId, status: present } of (joined.length > 0 ? joined : mine).sort((one, other) => (one.organisationId! < other.organisationId! ? -1 : 1))) {
      if (present === status) continue;
      const done = await this.setMember.within(tx, { userId, place: { level: 'organisation', organisationId: organisationId! }, status, grantor }, context);
      changed ||= done.changed;
    }
    // An account that was closed before its person came into an organisation is closed yet, and nobody else opens it.
    return { hasStatus: mine.length > 0 && !(isRoot && status === 'active'), changed };
  }

  /** Somebody who is in no organisation loses their account: there must be another super administrator, who does it. */
  private async mayClose(tx: Transaction, userId: string, viewer: membership.Viewer): Promise<void> {
    await this.last.mustNotBeLastSuperAdmin(tx, userId);
    if (viewer.kind === 'user' && viewer.userId === userId) throw membership.membershipErrors.failure('permission-missing', 'Nobody closes their own account: this takes another super administrator.');
  }

  /** After the commit. */
  follow(userId: string, context: CallContext): Promise<void> {
    return this.setMember.follow(userId, context);
  }
}

/** Of an API key that was found to administer the organisation; of a user it is looked up anew. */
const everyPermission: string[] = [...(permissionTable.organisation.org_admin ?? [])];
