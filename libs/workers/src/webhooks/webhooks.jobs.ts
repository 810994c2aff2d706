import { Injectable } from '@nestjs/common';
import { deliverWebhooksJob } from '#libs/contracts';
import { Jobs } from '#libs/platform/queue';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { RemoveWebhooks } from './remove-webhooks.js';
import { RunWebhook } from './run-webhook.js';
import { SweepWebhooks } from './sweep-webhooks.js';

@Injectable()
export class WebhooksJobs {
  constructor(jobs: Jobs, scheduled: ScheduledWork, runWebhook: RunWebhook, sweepWebhooks: SweepWebhooks, removeWebhooks: RemoveWebhooks) {
    jobs.handle(deliverWebhooksJob, (webhook, { requestId }) => runWebhook.run(webhook, { requestId }));
    scheduled.add({ name: 'send-webhooks', everyMs: 5_000, does: 'Makes deliveries of what is new in the feeds, and sends again what is due' }, ({ requestId }) => sweepWebhooks.sweep(requestId));
    scheduled.add({ name: 'trim-webhook-deliveries', everyMs: 3_600_000, does: 'Removes what is known of deliveries that were finished longer ago than WEBHOOK_LOG_RETENTION' }, () => sweepWebhooks.trim());
    scheduled.add({ name: 'finish-webhook-removals', everyMs: 60_000, does: 'Deletes what removed webhooks have delivered' }, (_, signal) => removeWebhooks.finish(signal));
  }
}
