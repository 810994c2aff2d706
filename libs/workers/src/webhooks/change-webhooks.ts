import { Inject, Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { OutboundRefused } from '#libs/platform/outbound';
import { AttemptsRepository } from './attempts.repository.js';
import { SendWebhook } from './send-webhook.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { webhooksConfig } from './webhooks.config.js';
import { WebhooksRepository } from './webhooks.repository.js';

const mostOfProject = 20;
/** For so long the secret before a rotation signs too. */
const overlapSeconds = 86_400;

const target = (webhookId: string) => ({ type: 'webhook', id: webhookId });

export function webhookNotFound() {
  return operations.operationsErrors.failure('webhook-not-found', 'There is no such webhook.');
}

/** Makes webhooks, and changes them. */
@Injectable()
export class ChangeWebhooks {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly attempts: AttemptsRepository,
    private readonly secrets: WebhookSecrets,
    private readonly sendWebhook: SendWebhook,
    @Inject(webhooksConfig.token) private readonly config: ConfigValues<typeof webhooksConfig>,
  ) {}

  async create({ projectId, webhookId, url, description, types, actor }: RequestOf<typeof operations.createWebhook>, context: CallContext): Promise<ResponseOf<typeof operations.createWebhook>> {
    await this.check(url);
    const { secret, sealed } = this.secrets.mint(webhookId);
    return this.database.withTransaction(async (tx) => {
      const webhook = await this.webhooks.insert(tx, { projectId, webhookId }, { url, description, types }, sealed, mostOfProject);
      if (webhook === undefined) throw operations.operationsErrors.failure('too-many-webhooks', `A project may have ${mostOfProject} webhooks.`);
      await auditTrail.append(tx, context, { actor, action: 'webhook.created', target: target(webhookId), projectId, after: ['url', 'description', 'types', 'secret'] });
      return { webhook, secret };
    });
  }

  async change({ projectId, webhookId, actor, isEnabled, ...changes }: RequestOf<typeof operations.changeWebhook>, context: CallContext): Promise<operations.Webhook> {
    if (changes.url !== undefined) await this.check(changes.url);
    const which = { projectId, webhookId };
    return this.database.withTransaction(async (tx) => {
      const present = await this.webhooks.lock(tx, which);
      if (present === undefined) throw webhookNotFound();
      const settings = { url: changes.url ?? present.url, description: changes.description === undefined ? present.description : changes.description, types: changes.types === undefined ? present.types : changes.types };
      const changed = (['url', 'description', 'types'] as const).filter((field) => JSON.stringify(settings[field]) !== JSON.stringify(present[field]));
      // Its next attempt may be hours away, and the time for it nearly over, or over while nothing was sent.
      if (changed.includes('url') || (isEnabled === true && present.disabledAt !== null)) await this.attempts.renew(tx, which, this.config.WEBHOOK_RETRY_FOR);
      let webhook = changed.length === 0 ? present : await this.webhooks.change(tx, which, settings);
      if (changed.length > 0) await auditTrail.append(tx, context, { actor, action: 'webhook.changed', target: target(webhookId), projectId, before: changed, after: changed });
      if (isEnabled !== undefined && isEnabled !== (present.disabledAt === null)) {
        webhook = isEnabled ? await this.webhooks.enable(tx, which) : ((await this.webhooks.disable(tx, which, 'manual')) ?? webhook);
        await auditTrail.append(tx, context, { actor, action: isEnabled ? 'webhook.enabled' : 'webhook.disabled', target: target(webhookId), projectId });
      }
      return webhook;
    });
  }

  async rotate({ projectId, webhookId, actor }: RequestOf<typeof operations.rotateWebhookSecret>, context: CallContext): Promise<ResponseOf<typeof operations.rotateWebhookSecret>> {
    const { secret, sealed } = this.secrets.mint(webhookId);
    return this.database.withTransaction(async (tx) => {
      const webhook = await this.webhooks.rotate(tx, { projectId, webhookId }, sealed, overlapSeconds);
      if (webhook === undefined) throw webhookNotFound();
      await auditTrail.append(tx, context, { actor, action: 'webhook.secret-rotated', target: target(webhookId), projectId, before: ['secret'], after: ['secret'] });
      return { webhook, secret };
    });
  }

  private async check(url: string): Promise<void> {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || parsed.hash !== '') throw refusedUrl('must be an absolute https:// address without a fragment');
    await this.sendWebhook.check(url).catch((error: unknown) => {
      if (error instanceof OutboundRefused) throw refusedUrl(error.message);
      throw error;
    });
  }
}

function refusedUrl(message: string) {
  return operations.operationsErrors.failure('webhook-url-refused', 'Nothing can be sent to this address.', { details: [{ path: 'url', message }] });
}
