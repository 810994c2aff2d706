import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CountEventsByDay } from './count-events-by-day.js';
import { ListEvents } from './list-events.js';
import { TrackEvent } from './track-event.js';

@Injectable()
export class EventMessages {
  constructor(
    private readonly trackEvent: TrackEvent,
    private readonly listEvents: ListEvents,
    private readonly countEventsByDay: CountEventsByDay,
  ) {}

  @Handles(profiles.trackEvent)
  track(...[request, context]: HandlerArguments<typeof profiles.trackEvent>) {
    return this.trackEvent.execute(request, context);
  }

  @Handles(profiles.listEvents)
  list(...[request]: HandlerArguments<typeof profiles.listEvents>) {
    return this.listEvents.execute(request);
  }

  @Handles(profiles.countEventsByDay)
  countByDay(...[request]: HandlerArguments<typeof profiles.countEventsByDay>) {
    return this.countEventsByDay.execute(request);
  }
}
