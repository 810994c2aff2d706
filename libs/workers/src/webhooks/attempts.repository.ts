import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

/** A delivery of which an attempt has begun. */
export interface BegunDelivery {
  projectId: string;
  webhookId: string;
  deliveryId: string;
  position: number;
  eventId: string;
  attempt: number;
  /** Since somebody wanted it sent last. */
  tries: number;
}

export interface AttemptOutcome {
  /** Null: nobody answered. */
  status: number | null;
  /** Null when it was taken. */
  error: string | null;
  durationMs: number;
  /** Seconds before which it wants to hear no more of this. */
  retryAfter?: number | undefined;
}

/** `error` of an attempt whose receiver put the next one off, beyond where it would have been. */
export const putOff = 'retry-after';

const hook = 'project_id = $1 AND webhook_id = $2';

export const inFlight = sql('webhook_deliveries.in-flight', `SELECT count(*) AS count FROM webhook_deliveries WHERE ${hook} AND state = 'pending' AND lease_until > now()`);
// The first that waits of each subject, and of those the ones whose time has come. One that is under way is the first of its subject. Whether one waits before it is looked up
// for each by itself: told NOT EXISTS, Postgres may compare each with all that waits. Rows are named by their whole key for the same reason.
export const begin = sql(
  'webhook_deliveries.begin',
  `UPDATE webhook_deliveries SET lease_until = now() + make_interval(secs => $4), attempts = attempts + 1, tries = tries + 1, attempted_at = now()
   WHERE (project_id, webhook_id, delivery_id) IN (
     SELECT d.project_id, d.webhook_id, d.delivery_id FROM webhook_deliveries d
     WHERE d.project_id = $1 AND d.webhook_id = $2 AND d.state = 'pending' AND d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until < now())
       AND NOT coalesce((SELECT true FROM webhook_deliveries e WHERE e.project_id = $1 AND e.webhook_id = $2 AND e.state = 'pending' AND e.subject = d.subject AND e.position < d.position LIMIT 1), false)
     ORDER BY d.position LIMIT $3)
   RETURNING project_id AS "projectId", webhook_id AS "webhookId", delivery_id AS "deliveryId", position, event_id AS "eventId", attempts AS attempt, tries`,
);
// Only the attempt that began it settles it: one that was taken for dead and was not comes too late. The row is named by all that is unique of it, and pending by `finished_at`: else, by statistics
// of a time when nothing waited, Postgres takes another index of the webhook's deliveries, or of what is pending, for nearly empty, and goes through all that it has there.
const mine = `${hook} AND delivery_id = $3 AND position = $4 AND attempts = $5 AND finished_at IS NULL`;
const note = sql('webhook_attempts.insert', 'INSERT INTO webhook_attempts (project_id, webhook_id, delivery_id, attempt, status, error, duration_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)');
export const delivered = sql('webhook_deliveries.delivered', `UPDATE webhook_deliveries SET state = 'delivered', finished_at = now(), lease_until = NULL, status = $6, error = NULL WHERE ${mine}`);
const over = '($9::boolean OR give_up_at < now() + make_interval(secs => $8))';
export const refused = sql(
  'webhook_deliveries.refused',
  `UPDATE webhook_deliveries SET lease_until = NULL, status = $6, error = $7, next_attempt_at = greatest(now() + make_interval(secs => $8), least(now() + make_interval(secs => $10), give_up_at)),
     state = CASE WHEN ${over} THEN 'failed' ELSE 'pending' END, finished_at = CASE WHEN ${over} THEN now() END WHERE ${mine}`,
);
export const putBack = sql(
  'webhook_deliveries.put-back',
  `UPDATE webhook_deliveries SET lease_until = NULL, attempts = attempts - 1, tries = tries - 1, next_attempt_at = now() + make_interval(secs => $6) WHERE ${mine}`,
);
const hurry = sql('webhook_deliveries.hurry', `UPDATE webhook_deliveries SET next_attempt_at = now() WHERE ${hook} AND state = 'pending' AND next_attempt_at > now() AND error IS DISTINCT FROM $3`);
// What is under way is settled by whoever began it.
const renew = sql(
  'webhook_deliveries.renew',
  `UPDATE webhook_deliveries SET next_attempt_at = now(), tries = 0, give_up_at = greatest(give_up_at, now() + make_interval(secs => $3)) WHERE ${hook} AND state = 'pending' AND (lease_until IS NULL OR lease_until < now())`,
);
// Any of them, when there are more: what is due may wait behind something of its subject that is not, and in an order the same ones would come again and again.
export const due = sql(
  'webhook_deliveries.due',
  // Webhook by webhook, each until one is found: a receiver that was away for days has a million that wait.
  `SELECT w.project_id AS "projectId", w.webhook_id AS "webhookId" FROM webhooks w
   WHERE w.disabled_at IS NULL AND (w.retry_at IS NULL OR w.retry_at <= now())
     AND (SELECT true FROM webhook_deliveries d WHERE d.project_id = w.project_id AND d.webhook_id = w.webhook_id AND d.state = 'pending' AND d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until < now()) LIMIT 1)
   ORDER BY random() LIMIT 500`,
);

/** Attempts at deliveries: how they begin, and how they end. */
@Injectable()
export class AttemptsRepository {
  async inFlight(tx: Transaction, { projectId, webhookId }: { projectId: string; webhookId: string }): Promise<number> {
    return (await tx.query<{ count: number }>(inFlight, [projectId, webhookId]))[0]!.count;
  }

  /** Begins attempts at what is due. Nobody else begins one at these before the lease is over. */
  async begin(tx: Transaction, { projectId, webhookId }: { projectId: string; webhookId: string }, limit: number, leaseSeconds: number): Promise<BegunDelivery[]> {
    return tx.query<BegunDelivery>(begin, [projectId, webhookId, limit, leaseSeconds]);
  }

  /** @returns whether it was still this attempt's to settle */
  async delivered(tx: Transaction, { projectId, webhookId, deliveryId, position, attempt }: BegunDelivery, { status, durationMs }: AttemptOutcome): Promise<boolean> {
    if ((await tx.execute(delivered, [projectId, webhookId, deliveryId, position, attempt, status])) === 0) return false;
    await tx.execute(note, [projectId, webhookId, deliveryId, attempt, status, null, durationMs]);
    return true;
  }

  /**
   * It waits for another attempt, or is given up: when that would be too late, or when there is to be no other. A receiver that
   * puts it off gets the other one when it wants it, or at the very end of the time there is.
   */
  async refused(tx: Transaction, { projectId, webhookId, deliveryId, position, attempt }: BegunDelivery, { status, error, durationMs, retryAfter = 0 }: AttemptOutcome, waitSeconds: number, forGood: boolean): Promise<boolean> {
    if ((await tx.execute(refused, [projectId, webhookId, deliveryId, position, attempt, status, error, waitSeconds, forGood, retryAfter])) === 0) return false;
    await tx.execute(note, [projectId, webhookId, deliveryId, attempt, status, error, durationMs]);
    return true;
  }

  /** The attempt was none: nothing has left. */
  async putBack(on: Queryable, { projectId, webhookId, deliveryId, position, attempt }: BegunDelivery, waitSeconds: number): Promise<void> {
    await on.execute(putBack, [projectId, webhookId, deliveryId, position, attempt, waitSeconds]);
  }

  /** What waits for another attempt need not wait any more, but where the receiver itself has put that off. */
  async hurry(tx: Transaction, { projectId, webhookId }: { projectId: string; webhookId: string }): Promise<void> {
    await tx.execute(hurry, [projectId, webhookId, putOff]);
  }

  /** All that waits is tried at once, and for the whole time again: what it went through before says nothing of what is there now. */
  async renew(tx: Transaction, { projectId, webhookId }: { projectId: string; webhookId: string }, retrySeconds: number): Promise<void> {
    await tx.execute(renew, [projectId, webhookId, retrySeconds]);
  }

  /** Webhooks that something could be sent to now: 500 of them at the most, not always the same. */
  async due(on: Queryable): Promise<{ projectId: string; webhookId: string }[]> {
    return on.query(due);
  }
}
