import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure, type Failure } from '#libs/platform/errors';
import { Idempotency, withoutIdempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { checkEvent } from './check-event.js';
import type { EventWrite } from './event-group.js';
import { EventWriter } from './event-writer.js';

type Results = ResponseOf<typeof profiles.trackEvents>['results'];

/** Stores events each for itself. They go into the same groups as single ones, in their order. */
@Injectable()
export class TrackEvents {
  constructor(
    private readonly writer: EventWriter,
    private readonly database: Database,
    private readonly idempotency: Idempotency,
  ) {}

  /** @throws Failure `service-unavailable` when not one of them could be written */
  async execute({ realmId, events }: RequestOf<typeof profiles.trackEvents>, context: CallContext): Promise<ResponseOf<typeof profiles.trackEvents>> {
    await this.claim(context);
    const inBatch = withoutIdempotency(context);
    const results: Results = [];
    const writes: EventWrite[] = [];
    const places: number[] = [];
    for (const [place, { user, event }] of events.entries()) {
      try {
        writes.push({ realmId, user, event: checkEvent(event), context: inBatch });
        places.push(place);
      } catch (error) {
        if (!isFailure(error)) throw error;
        results[place] = told(error);
      }
    }
    const outcomes = await this.writer.writeAll(writes, context.deadlineAt);
    const [first] = outcomes;
    const isAway = (outcome: (typeof outcomes)[number]) => 'failure' in outcome && isFailure(outcome.failure, 'service-unavailable');
    if (first !== undefined && 'failure' in first && outcomes.length === events.length && outcomes.every(isAway)) throw first.failure;
    outcomes.forEach((outcome, index) => (results[places[index]!] = 'failure' in outcome ? told(outcome.failure) : outcome.answer));
    return { results };
  }

  /** Beforehand and by itself: the events are written in several transactions, and their ids make that harmless to repeat. */
  private async claim(context: CallContext): Promise<void> {
    if (context.idempotency === undefined) return;
    const nothing = () => Promise.resolve();
    await this.database.withTransaction((tx) => this.idempotency.once(tx, context, { work: nothing, refer: () => ({}), again: nothing }));
  }
}

function told({ value: { code, message, details } }: Failure): Results[number] {
  return { failure: { code, message, ...(details === undefined ? {} : { details }) } };
}
