import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { webhookNotFound } from './change-webhooks.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { ReplayDeliveries } from './replay-deliveries.js';
import { WebhooksRepository } from './webhooks.repository.js';

@Injectable()
export class DeliveriesMessages {
  constructor(
    private readonly database: Database,
    private readonly webhooks: WebhooksRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly replayDeliveries: ReplayDeliveries,
  ) {}

  @Handles(operations.listDeliveries)
  async list(...[request]: HandlerArguments<typeof operations.listDeliveries>) {
    await this.assertThere(request);
    const found = await this.deliveries.list(this.database, request, { ...request, limit: request.limit + 1 });
    const deliveries = found.slice(0, request.limit);
    return { deliveries, nextBefore: found.length > request.limit ? deliveries.at(-1)!.position : null };
  }

  @Handles(operations.getDelivery)
  async get(...[request]: HandlerArguments<typeof operations.getDelivery>) {
    await this.assertThere(request);
    const delivery = await this.deliveries.get(this.database, request, request.deliveryId);
    if (delivery === undefined) throw operations.operationsErrors.failure('delivery-not-found', 'There is no such delivery.');
    return { delivery, attempts: await this.deliveries.attempts(this.database, request, request.deliveryId) };
  }

  @Handles(operations.replayDelivery)
  async replay(...[request, context]: HandlerArguments<typeof operations.replayDelivery>) {
    return this.replayDeliveries.one(request, context);
  }

  @Handles(operations.replayDeliveries)
  async replaySince(...[request, context]: HandlerArguments<typeof operations.replayDeliveries>) {
    return { queued: await this.replayDeliveries.since(request, context) };
  }

  private async assertThere(which: { projectId: string; webhookId: string }): Promise<void> {
    if ((await this.webhooks.get(this.database, which)) === undefined) throw webhookNotFound();
  }
}
