import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

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
const count = sql('segments.count', 'SELECT count(*) AS count FROM segments WHERE realm_id = $1');
const insert = sql('segments.insert', 'INSERT INTO segments (realm_id, segment_id, name, rule, depends_on_time, created_by, modified_by) VALUES ($1, $2, $3, $4, $5, $6, $6)');
const get = sql('segments.get', `SELECT ${columns} FROM segments WHERE realm_id = $1 AND segment_id = $2`);
const countMembers = sql('segments.count_members', 'SELECT count(*) AS count FROM segment_members WHERE realm_id = $1 AND segment_id = $2 AND member');
const list = sql('segments.list', `SELECT ${columns}, seq FROM segments WHERE realm_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3`);
const rename = sql('segments.rename', `UPDATE segments SET name = $3, modified_at = now(), modified_by = $4 WHERE realm_id = $1 AND segment_id = $2 AND name <> $3`);

// Whoever decides of members holds the row against it (`segments.keep`): after this, nobody goes by the old rule any more.
const lock = sql('segments.lock', 'SELECT FROM segments WHERE realm_id = $1 AND segment_id = $2 FOR UPDATE');
const changeRule = sql(
  'segments.change_rule',
  `UPDATE segments SET rule = $3, depends_on_time = $4, modified_at = now(), modified_by = $5, state = 'computing', run_seq = 0, run_until = NULL, evaluated = 0
   WHERE realm_id = $1 AND segment_id = $2 AND rule <> $3::jsonb`,
);
const remove = sql('segments.remove', 'DELETE FROM segments WHERE realm_id = $1 AND segment_id = $2');

const any = sql('segments.any', 'SELECT FROM segments WHERE realm_id = $1 LIMIT 1');
const keep = sql('segments.keep', 'SELECT segment_id AS "segmentId", rule FROM segments WHERE realm_id = $1 ORDER BY segment_id FOR KEY SHARE');

const begin = sql('segments.begin_again', 'UPDATE segments SET run_seq = 0, run_until = NULL WHERE realm_id = $1');
const beginDue = sql('segments.begin_due', `UPDATE segments SET run_seq = 0, run_until = NULL WHERE depends_on_time AND run_seq IS NULL AND evaluated_at < now() - make_interval(secs => $1)`);

// Held until the end of the transaction; a segment that another process works on is passed over.
const take = sql(
  'segments.take_run',
  `SELECT realm_id AS "realmId", segment_id AS "segmentId", rule, run_seq AS "runSeq", run_until AS "runUntil" FROM segments
   WHERE run_seq IS NOT NULL ORDER BY seq LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
);
const start = sql(
  'segments.start_run',
  `UPDATE segments SET run_until = found.until, total = found.total, evaluated = 0
   FROM (SELECT coalesce(max(seq), 0) AS until, count(*) AS total FROM users WHERE realm_id = $1) AS found
   WHERE realm_id = $1 AND segment_id = $2 RETURNING run_until AS "runUntil"`,
);
const nextUsers = sql('segments.next_users', 'SELECT user_id AS "userId", seq FROM users WHERE realm_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4');
const advance = sql('segments.advance', 'UPDATE segments SET run_seq = $3, evaluated = evaluated + $4 WHERE realm_id = $1 AND segment_id = $2');
const finish = sql('segments.finish', `UPDATE segments SET state = 'ready', run_seq = NULL, run_until = NULL, evaluated_at = now() WHERE realm_id = $1 AND segment_id = $2`);

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

  async remove(tx: Transaction, realmId: string, segmentId: string): Promise<boolean> {
    return (await tx.execute(remove, [realmId, segmentId])) > 0;
  }

  async isAny(on: Queryable, realmId: string): Promise<boolean> {
    return (await on.execute(any, [realmId])) > 0;
  }

  /** All of the realm, whose rules stay as they are until the end of the transaction. */
  async keep(tx: Transaction, realmId: string): Promise<SegmentRule[]> {
    return tx.query(keep, [realmId]);
  }

  /** Has all users looked at anew for every segment of the realm. */
  async beginAgain(on: Queryable, realmId: string): Promise<void> {
    await on.execute(begin, [realmId]);
  }

  /** The same for rules with time in them, whose last look is longer ago than that. */
  async beginDue(on: Queryable, olderThanSeconds: number): Promise<void> {
    await on.execute(beginDue, [olderThanSeconds]);
  }

  async takeRun(tx: Transaction): Promise<SegmentRun | undefined> {
    return (await tx.query<SegmentRun>(take))[0];
  }

  /** @returns the `seq` of the last user to look at */
  async startRun(tx: Transaction, { realmId, segmentId }: SegmentRun): Promise<number> {
    return (await tx.query<{ runUntil: number }>(start, [realmId, segmentId]))[0]!.runUntil;
  }

  async nextUsers(tx: Transaction, realmId: string, after: number, until: number, limit: number): Promise<{ userId: string; seq: number }[]> {
    return tx.query(nextUsers, [realmId, after, until, limit]);
  }

  async advance(tx: Transaction, { realmId, segmentId }: SegmentRun, seq: number, users: number): Promise<void> {
    await tx.execute(advance, [realmId, segmentId, seq, users]);
  }

  async finish(tx: Transaction, { realmId, segmentId }: SegmentRun): Promise<void> {
    await tx.execute(finish, [realmId, segmentId]);
  }
}
