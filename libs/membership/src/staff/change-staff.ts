import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { DeletedStaffRepository } from './deleted-staff.repository.js';
import { SetGlobalRole } from './set-global-role.js';
import { SetStaffStatus } from './set-staff-status.js';
import { StaffAuthority } from './staff-authority.js';

type Request = RequestOf<typeof membership.changeStaff>;

/** Several changes of a person at once: all of them are made, or none. */
@Injectable()
export class ChangeStaff {
  constructor(
    private readonly database: Database,
    private readonly authority: StaffAuthority,
    private readonly deleted: DeletedStaffRepository,
    private readonly globalRole: SetGlobalRole,
    private readonly status: SetStaffStatus,
  ) {}

  /** @returns whether there is an organisation in which the status could be */
  async change(request: Request, context: CallContext): Promise<boolean> {
    if (request.tryOut) return (await this.database.tryOut((tx) => this.within(tx, request, context))).hasStatus;
    const { hasStatus, changed } = await this.database.withTransaction((tx) => this.within(tx, request, context));
    if (changed) await this.status.follow(request.userId, context);
    return hasStatus;
  }

  private async within(tx: Transaction, { userId, globalRole, status, changesPerson, viewer, actor }: Request, context: CallContext): Promise<{ hasStatus: boolean; changed: boolean }> {
    const isSelf = viewer.kind === 'user' && viewer.userId === userId;
    // Both people before anything else, as deleting does: two changes by one administrator would wait for each other otherwise.
    await this.deleted.lock(tx, userId, viewer.kind === 'user' ? viewer.userId : undefined);
    if (changesPerson && !isSelf) await this.authority.mayChange(tx, userId, viewer, 'write');
    // The status first: who is no super administrator any more may not set it.
    const done = status === undefined ? { hasStatus: true, changed: false } : await this.status.within(tx, { userId, status, viewer, actor }, context);
    if (globalRole !== undefined) await this.globalRole.within(tx, { userId, role: globalRole, viewer, actor }, context);
    return done;
  }
}
