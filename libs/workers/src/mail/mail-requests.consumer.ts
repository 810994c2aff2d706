import { Injectable } from '@nestjs/common';
import { identity, membership, type MailOwner, type MailRequest } from '#libs/contracts';
import { EventConsumers, type SharedWork } from '#libs/platform/events';
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
      const together: SharedWork['together'] = (tx, events) =>
        Promise.resolve(mails.insert(tx, events.map(({ data, occurredAt, requestId }) => ({ ...(data as MailRequest), owner, requestedAt: occurredAt, requestId }))));
      consumers.on('mail', requested, async ({ data, requestId }, commit) => {
        await commit({ together });
        // After the row, so that a job always finds it. If we die before there is one, the sweep makes it.
        queue.addSoon({ ...data, requestId, owner });
      });
    }
  }
}
