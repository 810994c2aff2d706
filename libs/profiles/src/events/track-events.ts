import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { Idempotency, withoutIdempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { TrackEvent } from './track-event.js';

type Results = ResponseOf<typeof profiles.trackEvents>['results'];

/** Stores events each for itself. They go into the same groups as single ones, in their order. */
@Injectable()
export class TrackEvents {
  constructor(
    private readonly trackEvent: TrackEvent,
    private readonly database: Database,
    private readonly idempotency: Idempotency,
  ) {}

  /** @throws Failure `service-unavailable` when not one of them could be written */
  async execute({ realmId, events }: RequestOf<typeof profiles.trackEvents>, context: CallContext): Promise<ResponseOf<typeof profiles.trackEvents>> {
    await this.claim(context);
    const inBatch = withoutIdempotency(context);
    const settled = await Promise.allSettled(events.map(({ user, event }) => this.trackEvent.execute({ realmId, user, event }, inBatch)));
    const results = settled.map((outcome): Results[number] => {
      if (outcome.status === 'fulfilled') return outcome.value;
      if (!isFailure(outcome.reason)) throw outcome.reason;
      const { code, message, details } = outcome.reason.value;
      return { failure: { code, message, ...(details === undefined ? {} : { details }) } };
    });
    const away = settled.find((outcome) => outcome.status === 'rejected' && isFailure(outcome.reason, 'service-unavailable'));
    if (away?.status === 'rejected' && results.every((result) => 'failure' in result && result.failure.code === 'service-unavailable')) throw away.reason;
    return { results };
  }

  /** Beforehand and by itself: the events are written in several transactions, and their ids make that harmless to repeat. */
  private async claim(context: CallContext): Promise<void> {
    if (context.idempotency === undefined) return;
    const nothing = () => Promise.resolve();
    await this.database.withTransaction((tx) => this.idempotency.once(tx, context, { work: nothing, refer: () => ({}), again: nothing }));
  }
}
