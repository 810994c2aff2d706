import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ActivityEventsRepository } from './activity-events.repository.js';

/** The marked events of a realm. Read anew each time: whoever marks one sees it at once, whichever process they ask. */
@Injectable()
export class ListActivityEvents {
  constructor(
    private readonly database: Database,
    private readonly events: ActivityEventsRepository,
  ) {}

  async execute({ realmId }: RequestOf<typeof profiles.listActivityEvents>): Promise<ResponseOf<typeof profiles.listActivityEvents>> {
    const marked = await this.events.list(this.database, realmId);
    return { events: marked.map(({ event }) => event), computing: marked.filter(({ computing }) => computing).map(({ event }) => event) };
  }
}
