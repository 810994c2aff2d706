import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from '#libs/platform/database';
import { compileRule } from './compile-rule.js';
import type { Rule } from './rule.js';

// In the order of ids, as every other writer of users locks them.
const lock = sql('segment_members.lock_users', 'SELECT FROM users WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) ORDER BY user_id FOR NO KEY UPDATE');

const suppress = sql('segment_members.suppress', 'UPDATE segment_members SET suppressed = $4 WHERE realm_id = $1 AND user_id = $2 AND segment_id = $3 AND member AND suppressed <> $4');
const isIn = sql('segment_members.is_in', 'SELECT FROM segment_members WHERE realm_id = $1 AND user_id = $2 AND segment_id = $3 AND member');

/** All SQL of `segment_members`, but for reading it with a user (`segmentsOf`), pages of users, merging and its erasure. */
@Injectable()
export class MembersRepository {
  /**
   * Until the end of the transaction nobody changes these users or tracks events of theirs, so that who looks at them
   * next sees what they are, and writes before anybody who saw less.
   */
  async lockUsers(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<void> {
    await tx.query(lock, [realmId, userIds]);
  }

  /** Decides of locked users whether they are in the segment: one statement, however many they are. A hidden user is in none. */
  async evaluate(tx: Transaction, realmId: string, segmentId: string, rule: Rule, userIds: readonly string[]): Promise<void> {
    const { text, parameters } = compileRule(rule, 4);
    const statement = `
      WITH verdict AS MATERIALIZED (
        SELECT u.user_id, u.seq, (u.hidden_by IS NULL AND ${text}) AS is_in FROM users u WHERE u.realm_id = $1 AND u.user_id = ANY ($3::uuid[])
      ), come AS (
        INSERT INTO segment_members AS m (realm_id, user_id, segment_id, user_seq, member)
        SELECT $1, v.user_id, $2, v.seq, true FROM verdict v WHERE v.is_in ORDER BY v.user_id
        ON CONFLICT (realm_id, user_id, segment_id) DO UPDATE SET member = true WHERE NOT m.member
      ), gone AS (
        DELETE FROM segment_members m USING verdict v
        WHERE m.realm_id = $1 AND m.segment_id = $2 AND m.user_id = v.user_id AND NOT v.is_in AND NOT m.suppressed
      )
      UPDATE segment_members m SET member = false FROM verdict v
      WHERE m.realm_id = $1 AND m.segment_id = $2 AND m.user_id = v.user_id AND NOT v.is_in AND m.suppressed AND m.member`;
    await tx.execute(statement, [realmId, segmentId, userIds, ...parameters]);
  }

  /** @returns whether that is news; undefined: the user is not in the segment */
  async suppress(tx: Transaction, realmId: string, userId: string, segmentId: string, suppressed: boolean): Promise<boolean | undefined> {
    if ((await tx.execute(suppress, [realmId, userId, segmentId, suppressed])) > 0) return true;
    return (await tx.execute(isIn, [realmId, userId, segmentId])) > 0 ? false : undefined;
  }
}
