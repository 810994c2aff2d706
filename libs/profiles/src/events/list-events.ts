import { Injectable } from '@nestjs/common';
import { isStorable, profiles } from '#libs/contracts';
import { ListReads } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { storableTime } from '../database/storable.js';
import { EventCursors } from './event-cursors.js';
import { EventsRepository } from './events.repository.js';

/** A user's time line, newest first. */
@Injectable()
export class ListEvents {
  constructor(
    private readonly reads: ListReads,
    private readonly events: EventsRepository,
    private readonly cursors: EventCursors,
  ) {}

  async execute({ realmId, user, event, from, to, limit, cursor }: RequestOf<typeof profiles.listEvents>): Promise<ResponseOf<typeof profiles.listEvents>> {
    const question = [realmId, user, event ?? null, from ?? null, to ?? null];
    const after = cursor === undefined ? undefined : this.cursors.open(cursor, question);
    const filter = { event: storableName(event), from: boundary(from), to: boundary(to) };
    // One more than asked for tells whether there is another page.
    const found = await this.reads.run((from) => this.events.list(from, realmId, user, filter, after, limit + 1));
    if (found === undefined) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      events: page.map(({ id, event: name, value, properties, timestamp }) => ({ id, event: name, value, properties, timestamp })),
      nextCursor: found.length > limit && last !== undefined ? this.cursors.seal({ occurredAt: last.timestamp, seq: last.seq }, question) : null,
    };
  }
}

/** No event has a name that can't be stored; the empty one finds as little. */
function storableName(name: string | undefined): string | undefined {
  return name === undefined || isStorable(name) ? name : '';
}

/** The year 0, which Postgres does not know, is before every event. */
function boundary(time: string | undefined): string | undefined {
  return time === undefined || storableTime(time) !== undefined ? time : '0001-01-01T00:00:00.000Z';
}
