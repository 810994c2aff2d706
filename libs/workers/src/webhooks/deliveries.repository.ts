import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { AttemptOutcome } from './attempts.repository.js';

interface WebhookId {
  projectId: string;
  webhookId: string;
}

/** Which events are wanted again. */
export interface ReplaySpan {
  from: string;
  to?: string | undefined;
}

const hook = 'project_id = $1 AND webhook_id = $2';
const columns = `delivery_id AS "deliveryId", event_id AS "eventId", position, type, subject, state, attempts, status, error, created_at AS "createdAt", attempted_at AS "attemptedAt",
  CASE WHEN state = 'pending' THEN next_attempt_at END AS "nextAttemptAt", finished_at AS "finishedAt"`;

const pending = sql('webhook_deliveries.pending', `SELECT count(*) AS count FROM webhook_deliveries WHERE ${hook} AND state = 'pending'`);
const list = sql(
  'webhook_deliveries.list',
  `SELECT ${columns} FROM webhook_deliveries WHERE ${hook} AND ($3::text IS NULL OR state = $3) AND ($4::text IS NULL OR subject = $4) AND ($5::bigint IS NULL OR position < $5) ORDER BY position DESC LIMIT $6`,
);
const get = sql('webhook_deliveries.get', `SELECT ${columns} FROM webhook_deliveries WHERE ${hook} AND delivery_id = $3`);
const attempts = sql('webhook_attempts.list', `SELECT attempt, at, status, error, duration_ms AS "durationMs" FROM webhook_attempts WHERE ${hook} AND delivery_id = $3 ORDER BY attempt DESC LIMIT 100`);
const anew = `state = 'pending', tries = 0, next_attempt_at = now(), finished_at = NULL`;
const replay = sql('webhook_deliveries.replay', `UPDATE webhook_deliveries SET ${anew}, give_up_at = now() + make_interval(secs => $4) WHERE ${hook} AND delivery_id = $3 RETURNING ${columns}`);
const inSpan = `f.occurred_at >= $3 AND f.occurred_at < coalesce($4::timestamptz, 'infinity')`;
const replayFailed = sql(
  'webhook_deliveries.replay-failed',
  `UPDATE webhook_deliveries d SET ${anew}, give_up_at = now() + make_interval(secs => $5) FROM project_feed f
   WHERE d.project_id = $1 AND d.webhook_id = $2 AND d.state = 'failed' AND f.project_id = $1 AND f.position = d.position AND ${inSpan}`,
);
const wanted = `project_feed f JOIN webhooks w ON w.project_id = f.project_id AND w.webhook_id = $2 WHERE f.project_id = $1 AND ${inSpan} AND (w.types IS NULL OR f.type = ANY (w.types))`;
const count = sql('webhook_deliveries.count-wanted', `SELECT count(*) AS count FROM (SELECT FROM ${wanted} LIMIT $5) AS wanted`);
const replayAll = sql(
  'webhook_deliveries.replay-all',
  `INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, position, event_id, type, subject, give_up_at)
   SELECT f.project_id, w.webhook_id, gen_random_uuid(), f.position, f.event_id || CASE WHEN f.part = 0 THEN '' ELSE '-' || f.part END, f.type, f.subject, now() + make_interval(secs => $5) FROM ${wanted}
   ON CONFLICT ON CONSTRAINT webhook_deliveries_position_key DO UPDATE SET ${anew}, give_up_at = excluded.give_up_at WHERE webhook_deliveries.state <> 'pending'`,
);
const trim = sql(
  'webhook_deliveries.trim',
  `DELETE FROM webhook_deliveries WHERE (project_id, webhook_id, delivery_id) IN (
     SELECT project_id, webhook_id, delivery_id FROM webhook_deliveries WHERE finished_at < now() - make_interval(secs => $1) ORDER BY finished_at LIMIT $2)`,
);

/** What is kept of deliveries, for whoever looks after them. */
@Injectable()
export class DeliveriesRepository {
  async pending(on: Queryable, { projectId, webhookId }: WebhookId): Promise<number> {
    return (await on.query<{ count: number }>(pending, [projectId, webhookId]))[0]!.count;
  }

  /** By event, the newest first. */
  async list(on: Queryable, { projectId, webhookId }: WebhookId, { state, subject, before, limit }: { state?: string | undefined; subject?: string | undefined; before?: number | undefined; limit: number }): Promise<operations.WebhookDelivery[]> {
    return on.query(list, [projectId, webhookId, state ?? null, subject ?? null, before ?? null, limit]);
  }

  async get(on: Queryable, { projectId, webhookId }: WebhookId, deliveryId: string): Promise<operations.WebhookDelivery | undefined> {
    return (await on.query<operations.WebhookDelivery>(get, [projectId, webhookId, deliveryId]))[0];
  }

  /** The last hundred, the newest first. */
  async attempts(on: Queryable, { projectId, webhookId }: WebhookId, deliveryId: string): Promise<(AttemptOutcome & { attempt: number; at: string })[]> {
    return on.query(attempts, [projectId, webhookId, deliveryId]);
  }

  async replay(tx: Transaction, { projectId, webhookId }: WebhookId, deliveryId: string, retrySeconds: number): Promise<operations.WebhookDelivery | undefined> {
    return (await tx.query<operations.WebhookDelivery>(replay, [projectId, webhookId, deliveryId, retrySeconds]))[0];
  }

  /** What was given up. @returns how many */
  async replayFailed(tx: Transaction, { projectId, webhookId }: WebhookId, { from, to }: ReplaySpan, retrySeconds: number): Promise<number> {
    return tx.execute(replayFailed, [projectId, webhookId, from, to ?? null, retrySeconds]);
  }

  /** How many events there are for it, counted no further than `most`. */
  async countWanted(tx: Transaction, { projectId, webhookId }: WebhookId, { from, to }: ReplaySpan, most: number): Promise<number> {
    return (await tx.query<{ count: number }>(count, [projectId, webhookId, from, to ?? null, most]))[0]!.count;
  }

  /** All of them, also those that were never to be sent before. @returns how many did not wait already */
  async replayAll(tx: Transaction, { projectId, webhookId }: WebhookId, { from, to }: ReplaySpan, retrySeconds: number): Promise<number> {
    return tx.execute(replayAll, [projectId, webhookId, from, to ?? null, retrySeconds]);
  }

  /** Forgets what was finished long ago. @returns how many */
  async trim(on: Queryable, seconds: number, limit: number): Promise<number> {
    return on.execute(trim, [seconds, limit]);
  }
}
