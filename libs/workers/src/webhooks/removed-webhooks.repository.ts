import { Injectable } from '@nestjs/common';
import { someRows, sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { WebhookId } from './webhooks.repository.js';

// Disabled too, so that nothing begins; the secret has no use any more.
const gone = `UPDATE webhooks SET removed_at = now(), disabled_at = coalesce(disabled_at, now()), disabled_reason = coalesce(disabled_reason, 'manual'), secret = '', previous_secret = NULL, previous_secret_until = NULL`;
const remove = sql('webhooks.remove', `${gone} WHERE project_id = $1 AND webhook_id = $2 AND removed_at IS NULL`);
const removeAll = sql('webhooks.remove-all', `${gone} WHERE project_id = $1 AND removed_at IS NULL`);
const oldest = sql('webhooks.oldest-removed', 'SELECT project_id AS "projectId", webhook_id AS "webhookId" FROM webhooks WHERE removed_at IS NOT NULL ORDER BY removed_at LIMIT 1');
const deleteDeliveries = sql(
  'webhook_deliveries.delete-removed',
  `DELETE FROM webhook_deliveries WHERE ${someRows('webhook_deliveries', 'project_id = $1 AND webhook_id = $2', '$3')}`,
);
const deleteRow = sql('webhooks.delete-removed', 'DELETE FROM webhooks WHERE project_id = $1 AND webhook_id = $2 AND removed_at IS NOT NULL');

/** The SQL by which webhooks go: at once for everybody, and with what they delivered bit by bit. */
@Injectable()
export class RemovedWebhooksRepository {
  /** @returns whether there was one */
  async remove(tx: Transaction, { projectId, webhookId }: WebhookId): Promise<boolean> {
    return (await tx.execute(remove, [projectId, webhookId])) === 1;
  }

  async removeAll(tx: Transaction, projectId: string): Promise<void> {
    await tx.execute(removeAll, [projectId]);
  }

  /** The one that was removed first, of those that are not gone yet. */
  async oldest(on: Queryable): Promise<WebhookId | undefined> {
    return (await on.query<WebhookId>(oldest))[0];
  }

  /** With their attempts. @returns how many went */
  async deleteDeliveries(on: Queryable, { projectId, webhookId }: WebhookId, limit: number): Promise<number> {
    return on.execute(deleteDeliveries, [projectId, webhookId, limit]);
  }

  async deleteRow(on: Queryable, { projectId, webhookId }: WebhookId): Promise<void> {
    await on.execute(deleteRow, [projectId, webhookId]);
  }
}
