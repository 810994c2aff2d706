import { Injectable } from '@nestjs/common';
import { identity, membership, type MailOwner } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { MailQueue } from './mail-queue.js';
import { MailsRepository } from './mails.repository.js';

const requests = [
  ['identity', identity.mailRequested],
  ['membership', membership.mailRequested],
] as const satisfies (readonly [MailOwner, unknown])[];

/** Takes up the mails that services ask for. */
@Injectable()
export class MailRequestsConsumer {
  constructor(consumers: EventConsumers, mails: MailsRepository, queue: MailQueue) {
    for (const [owner, requested] of requests) {
      consumers.on('mail', requested, async ({ data, occurredAt, requestId }, commit) => {
        await commit(async (tx) => mails.insert(tx, { ...data, owner, requestedAt: occurredAt, requestId }));
        // After the row, so that a job always finds it. If we die here, the sweep makes the job.
        await queue.add({ ...data, requestId });
      });
    }
  }
}
