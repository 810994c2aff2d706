import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ChangeWebhooks, webhookNotFound } from './change-webhooks.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { RemoveWebhooks } from './remove-webhooks.js';
import { TestWebhook } from './test-webhook.js';
import { WebhooksRepository } from './webhooks.repository.js';

@Injectable()
export class WebhooksMessages {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly changeWebhooks: ChangeWebhooks,
    private readonly removeWebhooks: RemoveWebhooks,
    private readonly testWebhook: TestWebhook,
  ) {}

  @Handles(operations.createWebhook)
  async create(...[request, context]: HandlerArguments<typeof operations.createWebhook>) {
    return this.changeWebhooks.create(request, context);
  }

  @Handles(operations.listWebhooks)
  async list(...[{ projectId }]: HandlerArguments<typeof operations.listWebhooks>) {
    return { webhooks: await this.webhooks.list(this.database, projectId) };
  }

  @Handles(operations.getWebhook)
  async get(...[request]: HandlerArguments<typeof operations.getWebhook>) {
    const webhook = await this.webhooks.get(this.database, request);
    if (webhook === undefined) throw webhookNotFound();
    return { webhook, pending: await this.deliveries.pending(this.database, request) };
  }

  @Handles(operations.changeWebhook)
  async change(...[request, context]: HandlerArguments<typeof operations.changeWebhook>) {
    return this.changeWebhooks.change(request, context);
  }

  @Handles(operations.removeWebhook)
  async remove(...[request, context]: HandlerArguments<typeof operations.removeWebhook>) {
    await this.removeWebhooks.remove(request, context);
    return {};
  }

  @Handles(operations.rotateWebhookSecret)
  async rotate(...[request, context]: HandlerArguments<typeof operations.rotateWebhookSecret>) {
    return this.changeWebhooks.rotate(request, context);
  }

  @Handles(operations.testWebhook)
  async test(...[request]: HandlerArguments<typeof operations.testWebhook>) {
    return this.testWebhook.test(request);
  }
}
