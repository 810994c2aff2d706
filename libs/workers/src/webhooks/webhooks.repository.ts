import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

/** What sending to one takes. */
export interface WebhookTarget {
  url: string;
  /** Sealed: the present one, and the one before while it still counts. */
  secrets: Buffer[];
  /** Attempts that failed since the last that did not. */
  failures: number;
  disabled: boolean;
  /** Nothing is sent yet, after many failures. */
  resting: boolean;
}

export type WebhookSettings = Pick<operations.Webhook, 'url' | 'description' | 'types'>;

export interface WebhookId {
  projectId: string;
  webhookId: string;
}

const columns = `webhook_id AS "webhookId", url, description, types, disabled_at AS "disabledAt", disabled_reason AS "disabledReason", failing_since AS "failingSince",
  CASE WHEN previous_secret_until > now() THEN previous_secret_until END AS "previousSecretUntil", created_at AS "createdAt", modified_at AS "modifiedAt"`;
const one = 'project_id = $1 AND webhook_id = $2 AND removed_at IS NULL';

const takeTurn = sql('webhooks.take-turn', `SELECT pg_advisory_xact_lock(hashtextextended('webhooks ' || $1::text, 0))`);
const insert = sql(
  'webhooks.insert',
  `INSERT INTO webhooks (project_id, webhook_id, url, description, types, secret, position)
   SELECT $1, $2, $3, $4, $5, $6, coalesce((SELECT last FROM project_feed_ends WHERE project_id = $1), 0)
   WHERE (SELECT count(*) FROM webhooks WHERE project_id = $1 AND removed_at IS NULL) < $7 RETURNING ${columns}`,
);
const list = sql('webhooks.list', `SELECT ${columns} FROM webhooks WHERE project_id = $1 AND removed_at IS NULL ORDER BY created_at DESC, webhook_id DESC`);
const get = sql('webhooks.get', `SELECT ${columns} FROM webhooks WHERE ${one}`);
const lock = sql('webhooks.lock', `SELECT ${columns} FROM webhooks WHERE ${one} FOR UPDATE`);
// Another address begins anew: what the one before did is not held against it.
const atSame = (value: string, otherwise: string) => `CASE WHEN url = $3 THEN ${value} ELSE ${otherwise} END`;
const change = sql(
  'webhooks.change',
  `UPDATE webhooks SET url = $3, description = $4, types = $5, modified_at = now(), failures = ${atSame('failures', '0')}, failing_since = ${atSame('failing_since', 'NULL')}, retry_at = ${atSame('retry_at', 'NULL')}
   WHERE ${one} RETURNING ${columns}`,
);
// What happened while it was disabled is passed over.
const enable = sql(
  'webhooks.enable',
  `UPDATE webhooks SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, failures = 0, retry_at = NULL, modified_at = now(),
     position = greatest(position, coalesce((SELECT last FROM project_feed_ends WHERE project_id = $1), 0)) WHERE ${one} RETURNING ${columns}`,
);
const disable = sql('webhooks.disable', `UPDATE webhooks SET disabled_at = now(), disabled_reason = $3, modified_at = now() WHERE ${one} AND disabled_at IS NULL RETURNING ${columns}`);
const rotate = sql(
  'webhooks.rotate',
  `UPDATE webhooks SET previous_secret = secret, previous_secret_until = now() + make_interval(secs => $4), secret = $3, modified_at = now() WHERE ${one} RETURNING ${columns}`,
);
const target = sql(
  'webhooks.target',
  `SELECT url, CASE WHEN previous_secret_until > now() THEN ARRAY[secret, previous_secret] ELSE ARRAY[secret] END AS secrets, failures, disabled_at IS NOT NULL AS disabled, coalesce(retry_at > now(), false) AS resting
   FROM webhooks WHERE ${one} FOR UPDATE`,
);
const listSecrets = sql(
  'webhooks.list-secrets',
  `SELECT project_id AS "projectId", webhook_id AS "webhookId", secret, previous_secret AS "previousSecret" FROM webhooks
   WHERE (project_id, webhook_id) > ($1, $2) AND removed_at IS NULL ORDER BY project_id, webhook_id LIMIT $3`,
);
const reseal = sql(
  'webhooks.reseal',
  `UPDATE webhooks SET secret = CASE WHEN secret = $3 THEN $4 ELSE secret END, previous_secret = CASE WHEN previous_secret = $3 THEN $4 ELSE previous_secret END
   WHERE ${one} AND (secret = $3 OR previous_secret = $3)`,
);
const behind = sql(
  'webhooks.behind',
  `SELECT w.project_id AS "projectId", w.webhook_id AS "webhookId" FROM webhooks w JOIN project_feed_ends e ON e.project_id = w.project_id
   WHERE w.disabled_at IS NULL AND w.position < e.last AND ($1::uuid[] IS NULL OR w.project_id = ANY ($1))`,
);
const follow = sql(
  'webhooks.follow',
  `WITH hook AS (SELECT project_id, webhook_id, types, position AS reached FROM webhooks WHERE ${one} AND disabled_at IS NULL FOR UPDATE),
   next AS (SELECT hook.*, least(hook.reached + $3, e.last) AS through FROM hook JOIN project_feed_ends e ON e.project_id = hook.project_id),
   made AS (
     INSERT INTO webhook_deliveries (project_id, webhook_id, delivery_id, position, event_id, type, subject, give_up_at)
     SELECT f.project_id, n.webhook_id, gen_random_uuid(), f.position, f.event_id || CASE WHEN f.part = 0 THEN '' ELSE '-' || f.part END, f.type, f.subject, now() + make_interval(secs => $4)
     FROM next n JOIN project_feed f ON f.project_id = n.project_id AND f.position > n.reached AND f.position <= n.through AND (n.types IS NULL OR f.type = ANY (n.types))
     ON CONFLICT ON CONSTRAINT webhook_deliveries_position_key DO NOTHING RETURNING 1)
   UPDATE webhooks w SET position = n.through FROM next n WHERE w.project_id = n.project_id AND w.webhook_id = n.webhook_id AND n.through > n.reached
   RETURNING (SELECT count(*) FROM made) AS made`,
);
const taken = sql('webhooks.taken', `UPDATE webhooks SET failures = 0, failing_since = NULL, retry_at = NULL WHERE ${one} AND (failures > 0 OR failing_since IS NOT NULL)`);
const refused = sql(
  'webhooks.refused',
  `UPDATE webhooks SET failures = greatest(failures, $5::integer + 1), failing_since = coalesce(failing_since, now()), retry_at = CASE WHEN $3::double precision > 0 THEN now() + make_interval(secs => $3) ELSE retry_at END
   WHERE ${one} RETURNING disabled_at IS NULL AND failing_since < now() - make_interval(secs => $4) AS hopeless`,
);

/** All SQL of `webhooks`. */
@Injectable()
export class WebhooksRepository {
  /** @returns undefined when the project has as many as it may have */
  async insert(tx: Transaction, { projectId, webhookId }: WebhookId, { url, description, types }: WebhookSettings, secret: Buffer, most: number): Promise<operations.Webhook | undefined> {
    await tx.query(takeTurn, [projectId]);
    return (await tx.query<operations.Webhook>(insert, [projectId, webhookId, url, description, types, secret, most]))[0];
  }

  async list(on: Queryable, projectId: string): Promise<operations.Webhook[]> {
    return on.query(list, [projectId]);
  }

  async get(on: Queryable, { projectId, webhookId }: WebhookId): Promise<operations.Webhook | undefined> {
    return (await on.query<operations.Webhook>(get, [projectId, webhookId]))[0];
  }

  async lock(tx: Transaction, { projectId, webhookId }: WebhookId): Promise<operations.Webhook | undefined> {
    return (await tx.query<operations.Webhook>(lock, [projectId, webhookId]))[0];
  }

  async change(tx: Transaction, { projectId, webhookId }: WebhookId, { url, description, types }: WebhookSettings): Promise<operations.Webhook> {
    return (await tx.query<operations.Webhook>(change, [projectId, webhookId, url, description, types]))[0]!;
  }

  async enable(tx: Transaction, { projectId, webhookId }: WebhookId): Promise<operations.Webhook> {
    return (await tx.query<operations.Webhook>(enable, [projectId, webhookId]))[0]!;
  }

  /** @returns undefined when it is so already */
  async disable(tx: Transaction, { projectId, webhookId }: WebhookId, reason: NonNullable<operations.Webhook['disabledReason']>): Promise<operations.Webhook | undefined> {
    return (await tx.query<operations.Webhook>(disable, [projectId, webhookId, reason]))[0];
  }

  async rotate(tx: Transaction, { projectId, webhookId }: WebhookId, secret: Buffer, overlapSeconds: number): Promise<operations.Webhook | undefined> {
    return (await tx.query<operations.Webhook>(rotate, [projectId, webhookId, secret, overlapSeconds]))[0];
  }

  /** Locks it: attempts at one webhook are begun one after the other. */
  async target(tx: Transaction, { projectId, webhookId }: WebhookId): Promise<WebhookTarget | undefined> {
    return (await tx.query<WebhookTarget>(target, [projectId, webhookId]))[0];
  }

  /** Of all projects, the next of them, in an order of their own. */
  async listSecrets(on: Queryable, after: WebhookId, limit: number): Promise<(WebhookId & { secret: Buffer; previousSecret: Buffer | null })[]> {
    return on.query(listSecrets, [after.projectId, after.webhookId, limit]);
  }

  /** Puts another box in a box's place, wherever it is by now. */
  async reseal(on: Queryable, { projectId, webhookId }: WebhookId, box: Buffer, sealed: Buffer): Promise<void> {
    await on.execute(reseal, [projectId, webhookId, box, sealed]);
  }

  /** Those for which there may be something new in the feed: of these projects, or of all. */
  async behind(on: Queryable, projectIds?: readonly string[]): Promise<WebhookId[]> {
    return on.query(behind, [projectIds ?? null]);
  }

  /** Makes deliveries of what comes next in the feed. @returns how many; undefined when nothing comes next */
  async follow(tx: Transaction, { projectId, webhookId }: WebhookId, positions: number, retrySeconds: number): Promise<number | undefined> {
    return (await tx.query<{ made: number }>(follow, [projectId, webhookId, positions, retrySeconds]))[0]?.made;
  }

  async taken(tx: Transaction, { projectId, webhookId }: WebhookId): Promise<void> {
    await tx.execute(taken, [projectId, webhookId]);
  }

  /**
   * Attempts that were begun together are one failure. `before`: failures when they began; `restSeconds`: for which nothing is sent, 0: none.
   * @returns whether it has failed for so long that it is to be disabled
   */
  async refused(tx: Transaction, { projectId, webhookId }: WebhookId, before: number, restSeconds: number, disableAfterSeconds: number): Promise<boolean> {
    return (await tx.query<{ hopeless: boolean }>(refused, [projectId, webhookId, restSeconds, disableAfterSeconds, before]))[0]?.hopeless ?? false;
  }
}
