import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListActivityEvents } from './list-activity-events.js';
import { MarkActivityEvents } from './mark-activity-events.js';
import { NoteSight } from './note-sight.js';

@Injectable()
export class ActivityMessages {
  constructor(
    private readonly listEvents: ListActivityEvents,
    private readonly markEvents: MarkActivityEvents,
    private readonly noteSight: NoteSight,
  ) {}

  @Handles(profiles.listActivityEvents)
  list(...[request]: HandlerArguments<typeof profiles.listActivityEvents>) {
    return this.listEvents.execute(request);
  }

  @Handles(profiles.markActivityEvents)
  async mark(...[request, context]: HandlerArguments<typeof profiles.markActivityEvents>) {
    await this.markEvents.execute(request, context);
    return this.listEvents.execute(request);
  }

  @Handles(profiles.noteSight)
  note(...[request, context]: HandlerArguments<typeof profiles.noteSight>) {
    return this.noteSight.execute(request, context);
  }
}
