import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { webhookNotFound } from './change-webhooks.js';
import { SendWebhook } from './send-webhook.js';
import { WebhooksRepository } from './webhooks.repository.js';

@Injectable()
export class TestWebhook {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly sendWebhook: SendWebhook,
  ) {}

  /** Sends an event that means nothing, and says what came of it. It is in no log, and neither disables nor enables anything. */
  async test({ projectId, webhookId }: RequestOf<typeof operations.testWebhook>): Promise<ResponseOf<typeof operations.testWebhook>> {
    const target = await this.database.withTransaction((tx) => this.webhooks.target(tx, { projectId, webhookId }));
    if (target === undefined) throw webhookNotFound();
    const { status, error, durationMs } = await this.sendWebhook.send(webhookId, target, {
      specversion: '1.0',
      id: newId(),
      source: `/v1/admin/projects/${projectId}`,
      type: 'rollcall.webhook.test',
      subject: webhookId,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: { webhook_id: webhookId },
    });
    return { isTaken: error === null, status, error, durationMs };
  }
}
