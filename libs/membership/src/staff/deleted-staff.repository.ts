import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const lock = sql('members.lock-any', 'SELECT deleted_at IS NOT NULL AS deleted FROM members WHERE user_id = $1 AND hidden_at IS NULL FOR UPDATE');
const remove = sql('members.delete', 'UPDATE members SET deleted_at = now(), deleted_by = $2 WHERE user_id = $1 AND deleted_at IS NULL');
const restore = sql('members.restore', 'UPDATE members SET deleted_at = NULL, deleted_by = NULL WHERE user_id = $1 AND deleted_at IS NOT NULL');
const administered = sql('organisation_members.administered', `SELECT organisation_id AS "organisationId" FROM organisation_members WHERE user_id = $1 AND role = 'org_admin' AND status = 'active' ORDER BY organisation_id`);
const takeGlobalRole = sql('deployment_members.take', 'DELETE FROM deployment_members WHERE user_id = $1');
const isDeleted = sql('members.is-deleted', 'SELECT FROM members WHERE user_id = $1 AND (deleted_at IS NOT NULL OR hidden_at IS NOT NULL)');
const expired = sql('members.expired', `SELECT user_id AS "userId" FROM members WHERE deleted_at <= now() - make_interval(secs => $1) AND hidden_at IS NULL ORDER BY deleted_at LIMIT 100`);

@Injectable()
export class DeletedStaffRepository {
  /** @returns whether the user is deleted at this moment; undefined for nobody */
  async lock(tx: Transaction, userId: string): Promise<boolean | undefined> {
    return (await tx.query<{ deleted: boolean }>(lock, [userId]))[0]?.deleted;
  }

  async remove(tx: Transaction, userId: string, actorId: string): Promise<void> {
    await tx.execute(remove, [userId, actorId]);
  }

  async restore(tx: Transaction, userId: string): Promise<void> {
    await tx.execute(restore, [userId]);
  }

  /** Organisations of which the user is an active org_admin, in the order in which they are locked. */
  async administeredBy(on: Queryable, userId: string): Promise<string[]> {
    return (await on.query<{ organisationId: string }>(administered, [userId])).map(({ organisationId }) => organisationId);
  }

  async takeGlobalRole(tx: Transaction, userId: string): Promise<boolean> {
    return (await tx.execute(takeGlobalRole, [userId])) > 0;
  }

  async isDeleted(on: Queryable, userId: string): Promise<boolean> {
    return (await on.query(isDeleted, [userId])).length > 0;
  }

  async expired(on: Queryable, olderThanSeconds: number): Promise<string[]> {
    return (await on.query<{ userId: string }>(expired, [olderThanSeconds])).map(({ userId }) => userId);
  }
}
