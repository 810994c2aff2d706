import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { DataKeys } from '#libs/platform/keys';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhooksRepository, type WebhookId } from './webhooks.repository.js';

const atOnce = 200;
const nil = '00000000-0000-0000-0000-000000000000';

/** Seals the secrets of webhooks under the newest data key. Replicas may do it beside one another. */
@Injectable()
export class ResealWebhookSecrets implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly dataKeys: DataKeys,
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecrets,
  ) {}

  onModuleInit(): void {
    this.dataKeys.whenRotated(() => this.execute());
  }

  async execute(): Promise<void> {
    let after: WebhookId = { projectId: nil, webhookId: nil };
    for (;;) {
      const some = await this.webhooks.listSecrets(this.database, after, atOnce);
      for (const { secret, previousSecret, ...webhook } of some) {
        for (const box of [secret, ...(previousSecret === null ? [] : [previousSecret])]) {
          const sealed = this.secrets.resealed(webhook.webhookId, box);
          if (sealed !== undefined) await this.webhooks.reseal(this.database, webhook, box, sealed);
        }
      }
      const last = some.at(-1);
      if (last === undefined || some.length < atOnce) return;
      after = last;
    }
  }
}
