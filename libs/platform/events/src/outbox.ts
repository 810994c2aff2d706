import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { carriedTrace } from '#libs/platform/tracing';
import type { NewEvent } from './new-event.js';
import { outboxRepository } from './outbox.repository.js';
import { Relay } from './relay.js';

/** Where a service puts the events of a change, in the transaction of the change. */
@Injectable()
export class Outbox {
  constructor(private readonly relay: Relay) {}

  /**
   * Appends events in the given order, with one INSERT that goes along with what is sent next. They go out when the transaction commits,
   * and don't when it does not. Those of one aggregate keep their order if its row was locked before.
   */
  async append(tx: Transaction, context: CallContext, ...events: NewEvent[]): Promise<void> {
    await this.appendEach(tx, events.map((event) => ({ context, event })));
  }

  /** As `append`, for events of several requests. */
  async appendEach(tx: Transaction, told: readonly { context: CallContext; event: NewEvent }[]): Promise<void> {
    if (told.length === 0) return;
    const rows = told.map(({ context, event: { type, data } }) => ({ id: uuidv7(), type, data: JSON.stringify(data), requestId: context.requestId, traceparent: carriedTrace(context) ?? null }));
    outboxRepository.append(tx, rows);
    tx.afterCommit(() => this.relay.nudge());
  }
}
