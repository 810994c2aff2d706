import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { TrackEvents } from './track-events.js';

@Injectable()
export class EventBatchMessages {
  constructor(private readonly trackEvents: TrackEvents) {}

  @Handles(profiles.trackEvents)
  track(...[request, context]: HandlerArguments<typeof profiles.trackEvents>) {
    return this.trackEvents.execute(request, context);
  }
}
