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
    if (events.length === 0) return;
    const rows = events.map(({ type, data }) => ({ id: uuidv7(), type, data: JSON.stringify(data) }));
    outboxRepository.append(tx, rows, { requestId: context.requestId, traceparent: carriedTrace(context) ?? null });
    tx.afterCommit(() => this.relay.nudge());
  }
}
