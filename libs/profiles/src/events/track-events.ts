import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { TrackEvent } from './track-event.js';

type Results = ResponseOf<typeof profiles.trackEvents>['results'];

/** Stores events each for itself. They go into the same groups as single ones, in their order. */
@Injectable()
export class TrackEvents {
  constructor(private readonly trackEvent: TrackEvent) {}

  /** @throws Failure `service-unavailable` when not one of them could be written */
  async execute({ realmId, events }: RequestOf<typeof profiles.trackEvents>, context: CallContext): Promise<ResponseOf<typeof profiles.trackEvents>> {
    const settled = await Promise.allSettled(events.map(({ user, event }) => this.trackEvent.execute({ realmId, user, event }, context)));
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
}
