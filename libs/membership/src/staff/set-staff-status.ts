import { Injectable } from '@nestjs/common';
import { membership, permissionTable } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { SetMember } from '../members/set-member.js';
import { everything, FindStaff } from './find-staff.js';

@Injectable()
export class SetStaffStatus {
  constructor(
    private readonly database: Database,
    private readonly findStaff: FindStaff,
    private readonly setMember: SetMember,
  ) {}

  /** One organisation after the other; each is a change of its own, and asking again does the rest. @returns whether there was any to change */
  async set({ userId, status, viewer, actor }: RequestOf<typeof membership.setStaffStatus>, context: CallContext): Promise<boolean> {
    await this.findStaff.get(userId, viewer);
    const isRoot = (await this.findStaff.reachOf(viewer)).everything;
    const administered = isRoot ? [] : await this.findStaff.administeredBy(viewer);
    const { roles = [] } = (await this.findStaff.describe([userId], everything, this.database))[0] ?? {};
    const mine = roles.filter(({ level, organisationId }) => level === 'organisation' && organisationId !== null && (isRoot || administered.includes(organisationId)));
    if (mine.length === 0 && !isRoot) throw membership.membershipErrors.failure('permission-missing', 'This takes an administrator of the user’s organisation.');
    const grantor = { actor, permissions: everyPermission, everywhere: isRoot };
    for (const { organisationId, status: present } of mine) {
      if (present !== status) await this.setMember.set({ userId, place: { level: 'organisation', organisationId: organisationId! }, status, grantor }, context);
    }
    return mine.length > 0;
  }
}

/** Of an API key that was found to administer the organisation; of a user it is looked up anew. */
const everyPermission: string[] = [...(permissionTable.organisation.org_admin ?? [])];
