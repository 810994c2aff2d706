import { Inject, Injectable } from '@nestjs/common';
import { systemActor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { ConfigValues } from '#libs/platform/config';
import { Database, type Transaction } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { AttemptsRepository, putOff, type AttemptOutcome, type BegunDelivery } from './attempts.repository.js';
import { failuresBeforeRest, restAfter, waitAfter } from './webhook-waits.js';
import { webhooksConfig } from './webhooks.config.js';
import { WebhooksRepository, type WebhookTarget } from './webhooks.repository.js';

const gone = 410;

type Sent = Pick<WebhookTarget, 'url' | 'failures'>;

/** Writes down what came of an attempt, for the delivery and for its webhook. */
@Injectable()
export class SettleAttempt {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly attempts: AttemptsRepository,
    @Inject(webhooksConfig.token) private readonly config: ConfigValues<typeof webhooksConfig>,
    private readonly logger: Logger,
  ) {}

  /** @param to the webhook when the attempt began */
  async settle(delivery: BegunDelivery, outcome: AttemptOutcome, to: Sent, context: CallContext): Promise<void> {
    await this.database.withTransaction((tx) => (outcome.error === null ? this.taken(tx, delivery, outcome, to) : this.refused(tx, delivery, outcome, to, context)));
    const { webhookId, deliveryId, attempt } = delivery;
    this.logger.debug({ webhookId, deliveryId, attempt, requestId: context.requestId, status: outcome.status, failure: outcome.error }, 'webhook attempted');
  }

  /** The event is not in the feed any more. */
  async expired(delivery: BegunDelivery): Promise<void> {
    await this.database.withTransaction((tx) => this.attempts.refused(tx, delivery, { status: null, error: 'expired', durationMs: 0 }, 0, true));
  }

  private async taken(tx: Transaction, delivery: BegunDelivery, outcome: AttemptOutcome, { failures }: Sent): Promise<void> {
    if (!(await this.attempts.delivered(tx, delivery, outcome))) return;
    await this.webhooks.taken(tx, delivery);
    // It is back: what waited for that has waited long enough.
    if (failures >= failuresBeforeRest) await this.attempts.hurry(tx, delivery);
  }

  private async refused(tx: Transaction, delivery: BegunDelivery, outcome: AttemptOutcome, { url, failures }: Sent, context: CallContext): Promise<void> {
    const present = await this.webhooks.lock(tx, delivery);
    // What an address said that was changed meanwhile says nothing of the one that there is now.
    if (present !== undefined && present.url !== url) return void (await this.attempts.refused(tx, delivery, { ...outcome, retryAfter: undefined }, 0, false));
    const isGone = outcome.status === gone;
    const wait = waitAfter(delivery.tries);
    const isPutOff = outcome.retryAfter !== undefined && outcome.retryAfter > wait;
    if (!(await this.attempts.refused(tx, delivery, isPutOff ? { ...outcome, error: putOff } : outcome, wait, isGone))) return;
    const isHopeless = await this.webhooks.refused(tx, delivery, failures, restAfter(failures + 1), this.config.WEBHOOK_DISABLE_AFTER);
    if (!isGone && !isHopeless) return;
    const reason = isGone ? 'gone' : 'failing';
    if ((await this.webhooks.disable(tx, delivery, reason)) === undefined) return;
    await auditTrail.append(tx, context, { actor: systemActor, action: 'webhook.disabled', target: { type: 'webhook', id: delivery.webhookId }, projectId: delivery.projectId, after: [`reason:${reason}`] });
    tx.afterCommit(() => this.logger.warn({ webhookId: delivery.webhookId, reason }, 'a webhook was disabled'));
  }
}
