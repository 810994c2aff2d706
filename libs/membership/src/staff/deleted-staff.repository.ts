import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { isOpen } from '../invitations/invitations.repository.js';

// In the order of ids, so that two who change one another never wait for each other.
const lock = sql('members.lock-any', 'SELECT user_id AS "userId", deleted_at IS NOT NULL AS deleted FROM members WHERE user_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND hidden_at IS NULL ORDER BY user_id FOR UPDATE');
const remove = sql('members.delete', 'UPDATE members SET deleted_at = now(), deleted_by = $2 WHERE user_id = $1 AND deleted_at IS NULL');
const restore = sql('members.restore', 'UPDATE members SET deleted_at = NULL, deleted_by = NULL, left_organisation_id = NULL WHERE user_id = $1 AND deleted_at IS NOT NULL');
const administered = sql('organisation_members.administered', `SELECT organisation_id AS "organisationId" FROM organisation_members WHERE user_id = $1 AND role = 'org_admin' AND status = 'active' ORDER BY organisation_id`);
const takeGlobalRole = sql('deployment_members.take', 'DELETE FROM deployment_members WHERE user_id = $1');
// An invitation that can still be accepted is as good as a membership; so is one that is over and has not been closed yet, for a minute.
const removeUnattached = sql(
  'members.delete-unattached',
  `UPDATE members m SET deleted_at = now(), deleted_by = $2, left_organisation_id = $3 WHERE user_id = ANY ($1::uuid[]) AND hidden_at IS NULL AND deleted_at IS NULL
     AND NOT EXISTS (SELECT FROM deployment_members o WHERE o.user_id = m.user_id)
     AND NOT EXISTS (SELECT FROM organisation_members o WHERE o.user_id = m.user_id)
     AND NOT EXISTS (SELECT FROM team_members o WHERE o.user_id = m.user_id)
     AND NOT EXISTS (SELECT FROM project_members o WHERE o.user_id = m.user_id)
     AND NOT EXISTS (SELECT FROM invitations o WHERE o.user_id = m.user_id AND ${isOpen('o')})
   RETURNING user_id AS "userId"`,
);
const endRoles = ['deployment_members', 'organisation_members', 'team_members', 'project_members'].map((table) => sql(`${table}.end-all-of-user`, `DELETE FROM ${table} WHERE user_id = $1`));
const isDeleted = sql('members.is-deleted', 'SELECT FROM members WHERE user_id = $1 AND (deleted_at IS NOT NULL OR hidden_at IS NOT NULL)');
// Who is being restored at this moment is not waited for.
const lockExpired = sql('members.lock-expired', `SELECT user_id AS "userId" FROM members WHERE deleted_at <= now() - make_interval(secs => $1) AND hidden_at IS NULL ORDER BY deleted_at LIMIT 100 FOR UPDATE SKIP LOCKED`);
const expiring = sql('members.expiring', 'SELECT user_id AS "userId" FROM members WHERE deleted_at IS NOT NULL AND hidden_at IS NOT NULL AND erased_at IS NULL ORDER BY hidden_at DESC LIMIT 100');

@Injectable()
export class DeletedStaffRepository {
  /**
   * @param by who changes them, if it is a person: their roles stay as they are too until the transaction ends
   * @returns whether the user is deleted at this moment; undefined for nobody
   */
  async lock(tx: Transaction, userId: string, by: string = userId): Promise<boolean | undefined> {
    const locked = await tx.query<{ userId: string; deleted: boolean }>(lock, [[userId, by]]);
    return locked.find((one) => one.userId === userId)?.deleted;
  }

  async remove(tx: Transaction, userId: string, actorId: string): Promise<void> {
    await tx.execute(remove, [userId, actorId]);
  }

  async restore(tx: Transaction, userId: string): Promise<void> {
    await tx.execute(restore, [userId]);
  }

  /** Deletes those of the people who belong nowhere any more, and remembers where they were last. Ask it with their rows locked by an earlier statement. @returns them */
  async removeUnattached(tx: Transaction, userIds: readonly string[], actorId: string, organisationId: string | null): Promise<string[]> {
    return (await tx.query<{ userId: string }>(removeUnattached, [userIds, actorId, organisationId])).map(({ userId }) => userId);
  }

  /** Every role that the user was given anywhere. */
  async endRoles(tx: Transaction, userId: string): Promise<void> {
    for (const statement of endRoles) await tx.execute(statement, [userId]);
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

  /** Some of those who were deleted so long ago, the first to be deleted first. */
  async lockExpired(tx: Transaction, olderThanSeconds: number): Promise<string[]> {
    return (await tx.query<{ userId: string }>(lockExpired, [olderThanSeconds])).map(({ userId }) => userId);
  }

  /** Some of those who were deleted, and hidden for their erasure, which is not done. */
  async expiring(on: Queryable): Promise<string[]> {
    return (await on.query<{ userId: string }>(expiring)).map(({ userId }) => userId);
  }
}
