import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { RemoveWebhooks } from './remove-webhooks.js';

/** The webhooks of a project go with it. */
@Injectable()
export class WebhooksConsumer {
  constructor(consumers: EventConsumers, removeWebhooks: RemoveWebhooks) {
    consumers.on('webhooks', membership.projectDeleted, ({ data: { projectId } }, commit) => commit((tx) => removeWebhooks.removeAll(tx, projectId)));
  }
}
