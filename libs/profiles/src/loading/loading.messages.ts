import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { LoadEvents } from './load-events.js';
import { LoadUsers } from './load-users.js';

@Injectable()
export class LoadingMessages {
  constructor(
    private readonly loadUsers: LoadUsers,
    private readonly loadEvents: LoadEvents,
  ) {}

  @Handles(profiles.loadUsers)
  async users(...[request, context]: HandlerArguments<typeof profiles.loadUsers>) {
    return { results: await this.loadUsers.execute(request, context) };
  }

  @Handles(profiles.loadEvents)
  async events(...[request, context]: HandlerArguments<typeof profiles.loadEvents>) {
    return { results: await this.loadEvents.execute(request, context) };
  }
}
