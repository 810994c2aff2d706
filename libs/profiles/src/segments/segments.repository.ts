import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { someRows, sql, type Queryable, type Transaction } from '#libs/platform/database';

/** A segment whose members are to be decided. */
export interface SegmentRule {
  segmentId: string;
  rule: unknown;
}

/** A look at all users of a segment's realm that is under way. */
export interface SegmentRun extends SegmentRule {
  realmId: string;
  runSeq: number;
  runUntil: number | null;
}

const columns = `segment_id AS "segmentId", name, rule, state, evaluated, total, evaluated_at AS "evaluatedAt", created_at AS "createdAt", modified_at AS "modifiedAt"`;

const lockRealm = sql('segments.lock_realm', `SELECT pg_advisory_xact_lock(hashtextextended('segments of ' || $1::uuid::text, 0))`);
const count = sql('segments.count', `SELECT count(*) AS count FROM segments WHERE realm_id = $1 AND state <> 'removing'`);
const insert = sql('segments.insert', 'INSERT INTO segments (realm_id, segment_id, name, rule, depends_on_time, created_by, modified_by) VALUES ($1, $2, $3, $4, $5, $6, $6)');
const get = sql('segments.get', `SELECT ${columns} FROM segments WHERE realm_id = $1 AND segment_id = $2 AND state <> 'removing'`);
const countMembers = sql('segments.count_members', 'SELECT count(*) AS count FROM segment_members WHERE realm_id = $1 AND segment_id = $2 AND member');
const list = sql('segments.list', `SELECT ${columns}, seq FROM segments WHERE realm_id = $1 AND seq < $2 AND state <> 'removing' ORDER BY seq DESC LIMIT $3`);
const rename = sql('segments.rename', `UPDATE segments SET name = $3, modified_at = now(), modified_by = $4 WHERE realm_id = $1 AND segment_id = $2 AND name <> $3 AND state <> 'removing'`);

// Whoever decides of members holds the row against it (`segments.keep`): after this, nobody goes by the old rule any more.
const lock = sql('segments.lock', 'SELECT FROM segments WHERE realm_id = $1 AND segment_id = $2 FOR UPDATE');
const changeRule = sql(
  'segments.change_rule',
  `UPDATE segments SET rule = $3, depends_on_time = $4, modified_at = now(), modified_by = $5, state = 'computing', run_seq = 0, run_until = NULL, evaluated = 0
   WHERE realm_id = $1 AND segment_id = $2 AND rule <> $3::jsonb AND state <> 'removing'`,
);
const beginRemoval = sql('segments.begin_removal', `UPDATE segments SET state = 'removing', run_seq = NULL, run_until = NULL, stepped_at = now() WHERE realm_id = $1 AND segment_id = $2 AND state <> 'removing'`);
// A million members in one statement would run into its time limit. What comes in between goes with the row.
const removeMembers = sql(
  'segments.remove_members',
  `DELETE FROM segment_members WHERE ${someRows('segment_members', 'realm_id = $1 AND segment_id = $2', '$3')}`,
);
const remove = sql('segments.remove', `DELETE FROM segments WHERE realm_id = $1 AND segment_id = $2 AND state = 'removing'`);
const leftToRemove = sql('segments.left_to_remove', `SELECT realm_id AS "realmId", segment_id AS "segmentId" FROM segments WHERE state = 'removing' AND stepped_at < now() - interval '1 minute'`);

const rules = sql('segments.rules', `SELECT segment_id AS "segmentId", rule FROM segments WHERE realm_id = $1 AND state <> 'removing'`);
const keep = sql('segments.keep', `SELECT segment_id AS "segmentId", rule FROM segments WHERE realm_id = $1 AND segment_id = ANY ($2::uuid[]) AND state <> 'removing' ORDER BY segment_id FOR KEY SHARE`);

const begin = sql(
  'segments.begin_again',
  `UPDATE segments SET run_seq = 0, run_until = NULL WHERE realm_id = $1 AND segment_id IN (
     SELECT segment_id FROM segments WHERE realm_id = $1 AND segment_id = ANY ($2::uuid[]) AND state <> 'removing' ORDER BY segment_id FOR NO KEY UPDATE)`,
);
const beginDue = sql('segments.begin_due', `UPDATE segments SET run_seq = 0, run_until = NULL WHERE depends_on_time AND run_seq IS NULL AND state <> 'removing' AND evaluated_at < now() - make_interval(secs => $1)`);

// Held until the end of the transaction; what another process works on is passed over. Those that nobody is in yet go
// first, then those that have waited longest, so that a large project keeps no other waiting. Segments of the project
// that are equally far are looked at together.
const take = sql(
  'segments.take_runs',
  `WITH next AS MATERIALIZED (
     SELECT realm_id, segment_id, run_seq, run_until FROM segments WHERE run_seq IS NOT NULL
     ORDER BY state = 'ready', stepped_at, seq LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
   )
   SELECT s.realm_id AS "realmId", s.segment_id AS "segmentId", s.rule, s.run_seq AS "runSeq", s.run_until AS "runUntil" FROM segments s JOIN next USING (realm_id)
   WHERE s.run_seq = next.run_seq AND s.run_until IS NOT DISTINCT FROM next.run_until
   ORDER BY s.segment_id = next.segment_id DESC LIMIT $1 FOR NO KEY UPDATE OF s SKIP LOCKED`,
);
const start = sql(
  'segments.start_runs',
  `UPDATE segments SET run_until = found.until, total = found.total, evaluated = 0
   FROM (SELECT coalesce(max(seq), 0) AS until, (SELECT coalesce(sum(total), 0) FROM user_counts WHERE realm_id = $1) AS total FROM users WHERE realm_id = $1) AS found
   WHERE realm_id = $1 AND segment_id = ANY ($2::uuid[]) RETURNING run_until AS "runUntil"`,
);
const advance = sql('segments.advance', 'UPDATE segments SET run_seq = $3, evaluated = evaluated + $4, stepped_at = now() WHERE realm_id = $1 AND segment_id = ANY ($2::uuid[])');
const finish = sql('segments.finish', `UPDATE segments SET state = 'ready', run_seq = NULL, run_until = NULL, total = evaluated, evaluated_at = now() WHERE realm_id = $1 AND segment_id = ANY ($2::uuid[])`);
const postpone = sql('segments.postpone', 'UPDATE segments SET stepped_at = now() WHERE realm_id = $1 AND segment_id = ANY ($2::uuid[])');

/** All SQL of `segments`. */
@Injectable()
export class SegmentsRepository {
  /** Until the end of the transaction nobody else makes a segment in the realm. */
  async lockRealm(tx: Transaction, realmId: string): Promise<void> {
    await tx.query(lockRealm, [realmId]);
  }

  async count(on: Queryable, realmId: string): Promise<number> {
    return (await on.query<{ count: number }>(count, [realmId]))[0]?.count ?? 0;
  }

  async insert(tx: Transaction, realmId: string, segment: { segmentId: string; name: string; rule: unknown; dependsOnTime: boolean }, actorId: string): Promise<void> {
    await tx.execute(insert, [realmId, segment.segmentId, segment.name, JSON.stringify(segment.rule), segment.dependsOnTime, actorId]);
  }

  async get(on: Queryable, realmId: string, segmentId: string): Promise<profiles.Segment | undefined> {
    return (await on.query<profiles.Segment>(get, [realmId, segmentId]))[0];
  }

  async countMembers(on: Queryable, realmId: string, segmentId: string): Promise<number> {
    return (await on.query<{ count: number }>(countMembers, [realmId, segmentId]))[0]?.count ?? 0;
  }

  /** Newest first. */
  async list(on: Queryable, realmId: string, before: number, limit: number): Promise<(profiles.Segment & { seq: number })[]> {
    return on.query(list, [realmId, before, limit]);
  }

  async lock(tx: Transaction, realmId: string, segmentId: string): Promise<void> {
    await tx.query(lock, [realmId, segmentId]);
  }

  async rename(tx: Transaction, realmId: string, segmentId: string, name: string, actorId: string): Promise<boolean> {
    return (await tx.execute(rename, [realmId, segmentId, name, actorId])) > 0;
  }

  /** Of a locked segment. @returns whether it is another rule, by which all users are looked at */
  async changeRule(tx: Transaction, realmId: string, segmentId: string, rule: unknown, dependsOnTime: boolean, actorId: string): Promise<boolean> {
    return (await tx.execute(changeRule, [realmId, segmentId, JSON.stringify(rule), dependsOnTime, actorId])) > 0;
  }

  /** From now on nobody sees it, and nobody comes into it. @returns false: there is no such segment */
  async beginRemoval(tx: Transaction, realmId: string, segmentId: string): Promise<boolean> {
    return (await tx.execute(beginRemoval, [realmId, segmentId])) > 0;
  }

  /** @returns how many were removed of one whose removal has begun */
  async removeMembers(on: Queryable, realmId: string, segmentId: string, limit: number): Promise<number> {
    return on.execute(removeMembers, [realmId, segmentId, limit]);
  }

  /** Ends a removal that has begun. */
  async remove(on: Queryable, realmId: string, segmentId: string): Promise<void> {
    await on.execute(remove, [realmId, segmentId]);
  }

  /** Of any realm, those whose removal was left unfinished. */
  async leftToRemove(on: Queryable): Promise<{ realmId: string; segmentId: string }[]> {
    return on.query(leftToRemove);
  }

  /** All of the realm. */
  async rules(on: Queryable, realmId: string): Promise<SegmentRule[]> {
    return on.query(rules, [realmId]);
  }

  /** Those that are still there of the given ones, whose rules stay as they are until the end of the transaction. */
  async keep(tx: Transaction, realmId: string, segmentIds: readonly string[]): Promise<SegmentRule[]> {
    return tx.query(keep, [realmId, segmentIds]);
  }

  /** Has all users looked at anew for these segments. */
  async beginAgain(on: Queryable, realmId: string, segmentIds: readonly string[]): Promise<void> {
    await on.execute(begin, [realmId, segmentIds]);
  }

  /** The same for rules with time in them, whose last look is longer ago than that. */
  async beginDue(on: Queryable, olderThanSeconds: number): Promise<void> {
    await on.execute(beginDue, [olderThanSeconds]);
  }

  /** Looks at all users of one realm that are equally far; none: there is nothing to do. */
  async takeRuns(tx: Transaction, limit: number): Promise<SegmentRun[]> {
    return tx.query(take, [limit]);
  }

  /** @returns the `seq` of the last user to look at */
  async startRuns(tx: Transaction, realmId: string, segmentIds: readonly string[]): Promise<number> {
    return (await tx.query<{ runUntil: number }>(start, [realmId, segmentIds]))[0]!.runUntil;
  }

  async advance(tx: Transaction, realmId: string, segmentIds: readonly string[], seq: number, users: number): Promise<void> {
    await tx.execute(advance, [realmId, segmentIds, seq, users]);
  }

  async finish(tx: Transaction, realmId: string, segmentIds: readonly string[]): Promise<void> {
    await tx.execute(finish, [realmId, segmentIds]);
  }

  /** Puts them behind all others that wait. */
  async postpone(on: Queryable, realmId: string, segmentIds: readonly string[]): Promise<void> {
    await on.execute(postpone, [realmId, segmentIds]);
  }
}
