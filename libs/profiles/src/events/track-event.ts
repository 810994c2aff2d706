import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { checkEvent } from './check-event.js';
import { EventWriter } from './event-writer.js';

/** Stores something a user did, once, however often it is told. */
@Injectable()
export class TrackEvent {
  constructor(private readonly writer: EventWriter) {}

  async execute({ realmId, user, event, sight }: RequestOf<typeof profiles.trackEvent>, context: CallContext): Promise<ResponseOf<typeof profiles.trackEvent>> {
    return this.writer.write({ realmId, user, event: checkEvent(event), sight, context });
  }
}
