import { Injectable } from '@nestjs/common';
import type { AuditEntry, operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';

type Filter = RequestOf<typeof operations.listAudit>['filter'];

/** An entry and its place in the order of collection. */
export type ListedEntry = AuditEntry & { seq: number };

/** A user who is gone, and what stands for them. */
export interface ErasedUser {
  userId: string;
  hash: string;
}

/** Any number that is ours, other than the platform's. */
const turnLock = 7_245_101;

// As with the feed: a number is drawn before the commit, and without the lock a reader could pass one that comes later. It
// also makes an erasure see every entry that was on its way when it began.
const takeTurn = sql('audit_log.take-turn', 'SELECT pg_advisory_xact_lock($1)');
const erasedAmong = sql('erasure_users.among', 'SELECT DISTINCT user_id::text AS "userId" FROM erasure_users WHERE user_id = ANY ($1::uuid[])');
const append = sql(
  'audit_log.append',
  `INSERT INTO audit_log (entry_id, occurred_at, actor_type, actor_id, action, target_type, target_id, organisation_id, project_id, before_fields, after_fields, request_id, surface, address)
   SELECT (one ->> 'entryId')::uuid, (one ->> 'occurredAt')::timestamptz, one #>> '{actor,type}', one #>> '{actor,id}', one ->> 'action', one #>> '{target,type}', one #>> '{target,id}',
          (one ->> 'organisationId')::uuid, (one ->> 'projectId')::uuid,
          ARRAY(SELECT jsonb_array_elements_text(one -> 'before')), ARRAY(SELECT jsonb_array_elements_text(one -> 'after')), one ->> 'requestId', one ->> 'surface', one ->> 'address'
   FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS new (one, place) ORDER BY place
   ON CONFLICT ON CONSTRAINT audit_log_entry_id_key DO NOTHING`,
);
const columns = `seq, entry_id AS "entryId", occurred_at AS "occurredAt", jsonb_build_object('type', actor_type, 'id', actor_id) AS actor, action,
   jsonb_build_object('type', target_type, 'id', target_id) AS target, organisation_id AS "organisationId", project_id AS "projectId",
   before_fields AS before, after_fields AS after, request_id AS "requestId", surface, address`;
const replaceActor = sql(
  'audit_log.replace-actor',
  `UPDATE audit_log SET actor_id = gone.hash, address = NULL FROM unnest($1::text[], $2::text[]) AS gone (id, hash) WHERE actor_type = 'user' AND actor_id = gone.id`,
);
const replaceTarget = sql('audit_log.replace-target', `UPDATE audit_log SET target_id = gone.hash FROM unnest($1::text[], $2::text[]) AS gone (id, hash) WHERE target_type = 'user' AND target_id = gone.id`);
const countRemains = sql(
  'audit_log.count-remains',
  `SELECT ((SELECT count(*) FROM audit_log WHERE actor_type = 'user' AND actor_id = ANY ($1::text[])) + (SELECT count(*) FROM audit_log WHERE target_type = 'user' AND target_id = ANY ($1::text[])))::int AS remains`,
);
const trim = sql('audit_log.trim', 'DELETE FROM audit_log WHERE seq IN (SELECT seq FROM audit_log WHERE occurred_at < now() - make_interval(secs => $1) ORDER BY occurred_at LIMIT $2)');

/** How each filter is said in SQL; `$` stands for its parameter. */
const conditions: Record<keyof Filter, string> = {
  organisationId: 'organisation_id = $',
  projectId: 'project_id = $',
  actorId: 'actor_id = $',
  action: 'action = $',
  targetId: 'target_id = $',
  from: 'occurred_at >= $',
  to: 'occurred_at < $',
};

/** All SQL of `audit_log`. */
@Injectable()
export class AuditLogRepository {
  /** From here to the end of the transaction nobody else appends to the trail or erases from it. */
  async takeTurn(tx: Transaction): Promise<void> {
    await tx.query(takeTurn, [turnLock]);
  }

  /** Those of the users who are being erased, or were. */
  async erasedAmong(on: Queryable, userIds: readonly string[]): Promise<string[]> {
    return (await on.query<{ userId: string }>(erasedAmong, [userIds])).map(({ userId }) => userId);
  }

  /** Entries that are there already stay as they are. */
  async append(tx: Transaction, entries: readonly AuditEntry[]): Promise<void> {
    await tx.execute(append, [JSON.stringify(entries)]);
  }

  /** Those that come after the place, or before it. The text differs with the filter, so that each gets a plan of its own. */
  async list(on: Queryable, filter: Filter, order: 'newest-first' | 'oldest-first', place: number | undefined, limit: number): Promise<ListedEntry[]> {
    const parameters: unknown[] = [];
    const parameter = (value: unknown) => `$${parameters.push(value)}`;
    const given = (Object.keys(conditions) as (keyof Filter)[]).filter((name) => filter[name] !== undefined);
    const where = given.map((name) => {
      const value = filter[name]!;
      return name === 'action' && value.endsWith('.*') ? `starts_with(action, ${parameter(value.slice(0, -1))})` : conditions[name].replace('$', parameter(value));
    });
    if (place !== undefined) where.push(`seq ${order === 'newest-first' ? '<' : '>'} ${parameter(place)}`);
    const text = `SELECT ${columns} FROM audit_log ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY seq ${order === 'newest-first' ? 'DESC' : ''} LIMIT ${parameter(limit)}`;
    return on.query<ListedEntry>(text, parameters);
  }

  /** Puts hashes in the users' places. @returns how many rows named one of them; one that names two counts twice */
  async replace(tx: Transaction, users: readonly ErasedUser[]): Promise<number> {
    const pairs = [users.map(({ userId }) => userId), users.map(({ hash }) => hash)];
    return (await tx.execute(replaceActor, pairs)) + (await tx.execute(replaceTarget, pairs));
  }

  async countRemains(on: Queryable, userIds: readonly string[]): Promise<number> {
    return (await on.query<{ remains: number }>(countRemains, [userIds]))[0]!.remains;
  }

  /** Removes what is older than `seconds`, at most `limit`. @returns how many */
  async trim(on: Queryable, seconds: number, limit: number): Promise<number> {
    return on.execute(trim, [seconds, limit]);
  }
}
