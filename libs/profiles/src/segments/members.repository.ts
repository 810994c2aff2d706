import { Injectable } from '@nestjs/common';
import { oneOf, sql, type Transaction } from '#libs/platform/database';
import { compileVerdicts } from './compile-rule.js';
import { countComparisons, type Rule } from './rule.js';

/** A segment and what it says of users. */
export interface ParsedSegment {
  segmentId: string;
  rule: Rule;
}

/** Users of a realm in the order of their insertion, some of whom may have to come or go. */
export interface LookedAt {
  /** The `seq` of the last one; null: there were none. */
  last: number | null;
  /** How many there were, without those who are hidden. */
  users: number;
  /** Ids of those whose place in one of the segments is not what its rule says. */
  misplaced: string[];
}

/** Comparisons of one statement: what Postgres plans in milliseconds, and far fewer parameters than it takes. */
const mostComparisons = 200;

// In the order of ids, as every other writer of users locks them.
const lock = sql('segment_members.lock_users', 'SELECT FROM users WHERE (realm_id = $1) IS TRUE AND user_id = ANY ($2::uuid[]) ORDER BY user_id FOR NO KEY UPDATE');

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

  /** Decides of locked users whether they are in the segments, all in one statement unless the rules are many. A hidden user is in none. */
  async evaluate(tx: Transaction, realmId: string, segments: readonly ParsedSegment[], userIds: readonly string[]): Promise<void> {
    for (const some of inStatements(segments)) {
      const { text, parameters } = compileVerdicts(some, 3);
      const statement = `
        WITH looked AS MATERIALIZED (
          SELECT u.* FROM users u WHERE (u.realm_id = $1) IS TRUE AND u.user_id = ANY ($2::uuid[])
        ), verdict AS MATERIALIZED (
          SELECT u.user_id, u.seq, s.segment_id, (u.hidden_by IS NULL AND s.fits) AS is_in FROM looked u CROSS JOIN LATERAL ${text} AS s (segment_id, fits)
        ), come AS (
          INSERT INTO segment_members AS m (realm_id, user_id, segment_id, user_seq, member)
          SELECT $1, v.user_id, v.segment_id, v.seq, true FROM verdict v WHERE v.is_in ORDER BY v.user_id, v.segment_id
          ON CONFLICT (realm_id, user_id, segment_id) DO UPDATE SET member = true WHERE NOT m.member
        ), gone AS (
          DELETE FROM segment_members m USING verdict v
          WHERE m.realm_id = $1 AND m.user_id = v.user_id AND m.segment_id = v.segment_id AND NOT v.is_in AND NOT m.suppressed
        )
        UPDATE segment_members m SET member = false FROM verdict v
        WHERE m.realm_id = $1 AND m.user_id = v.user_id AND m.segment_id = v.segment_id AND NOT v.is_in AND m.suppressed AND m.member`;
      await tx.execute(statement, [realmId, userIds, ...parameters]);
    }
  }

  /**
   * Looks at the next users of a realm, and locks and writes nobody: most are where they belong. Who changes meanwhile is
   * decided of in the wake of that change.
   * @param after the `seq` of the last user that was looked at
   * @param until that of the last one to look at
   */
  async look(tx: Transaction, realmId: string, segments: readonly ParsedSegment[], after: number, until: number, limit: number): Promise<LookedAt> {
    const found: LookedAt = { last: null, users: 0, misplaced: [] };
    for (const some of inStatements(segments)) {
      const { text, parameters } = compileVerdicts(some, 5);
      const statement = `
        WITH page AS MATERIALIZED (
          SELECT u.* FROM users u WHERE u.realm_id = $1 AND u.seq > $2 AND u.seq <= $3 ORDER BY u.seq LIMIT $4
        ), looked AS (
          SELECT u.user_id, u.seq, u.hidden_by, EXISTS (
            SELECT FROM ${text} AS s (segment_id, fits)
            WHERE (u.hidden_by IS NULL AND s.fits) <> EXISTS (SELECT FROM segment_members m WHERE m.realm_id = ${oneOf('$1::uuid')} AND m.user_id = u.user_id AND m.segment_id = s.segment_id AND m.member)
          ) AS misplaced FROM page u
        )
        SELECT max(seq) AS last, count(*) FILTER (WHERE hidden_by IS NULL) AS users, coalesce(array_agg(user_id) FILTER (WHERE misplaced), '{}') AS misplaced FROM looked`;
      const [row] = await tx.query<LookedAt>(statement, [realmId, after, until, limit, ...parameters]);
      found.last = row!.last;
      found.users = row!.users;
      found.misplaced.push(...row!.misplaced);
    }
    return { ...found, misplaced: [...new Set(found.misplaced)] };
  }

  /** @returns whether that is news; undefined: the user is not in the segment */
  async suppress(tx: Transaction, realmId: string, userId: string, segmentId: string, suppressed: boolean): Promise<boolean | undefined> {
    if ((await tx.execute(suppress, [realmId, userId, segmentId, suppressed])) > 0) return true;
    return (await tx.execute(isIn, [realmId, userId, segmentId])) > 0 ? false : undefined;
  }
}

/** Segments in as few statements as may be; one at least, each with one segment at least. */
function inStatements(segments: readonly ParsedSegment[]): ParsedSegment[][] {
  const statements: ParsedSegment[][] = [];
  let room = 0;
  for (const segment of segments) {
    const cost = countComparisons(segment.rule);
    if (cost > room) {
      statements.push([]);
      room = mostComparisons;
    }
    statements.at(-1)!.push(segment);
    room -= cost;
  }
  return statements;
}
