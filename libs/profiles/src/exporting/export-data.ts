import { Injectable } from '@nestjs/common';
import { isStorable, type profiles } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { jsonBytes, storableTime } from '../database/storable.js';
import { listNotFound } from '../lists/find-lists.js';
import { ListsRepository } from '../lists/lists.repository.js';
import { segmentNotFound } from '../segments/find-segments.js';
import { SegmentsRepository } from '../segments/segments.repository.js';
import { howManyFit } from '../users/answer-size.js';
import { DataExportRepository, type EventPlace, type ExportedEvent } from './data-export.repository.js';

const usersAtOnce = 500;
const eventsAtOnce = 2_000;
/** Half of what a message may hold. */
const mostBytes = 4 * 1024 * 1024;
const beforeAll: EventPlace = { userId: '00000000-0000-0000-0000-000000000000', occurredAt: '-infinity', seq: 0 };

/** All users or events of a realm, page by page. */
@Injectable()
export class ExportData {
  constructor(
    private readonly database: Database,
    private readonly data: DataExportRepository,
    private readonly segments: SegmentsRepository,
    private readonly lists: ListsRepository,
  ) {}

  /** @throws Failure `segment-not-found`, `list-not-found` */
  async begin({ realmId, kind, segmentId, listId, actor }: RequestOf<typeof profiles.beginDataExport>, context: CallContext): Promise<void> {
    if (segmentId !== undefined && (await this.segments.get(this.database, realmId, segmentId)) === undefined) throw segmentNotFound();
    if (listId !== undefined && (await this.lists.get(this.database, realmId, listId)) === undefined) throw listNotFound();
    await this.database.withTransaction((tx) => auditTrail.append(tx, context, { actor, action: `${kind}.exported`, target: { type: 'project', id: realmId }, projectId: realmId }));
  }

  async users({ realmId, after, segmentId, listId }: RequestOf<typeof profiles.exportUsersPage>): Promise<ResponseOf<typeof profiles.exportUsersPage>> {
    const { users, last } = await this.data.users(this.database, realmId, after === null ? 0 : Number(after), usersAtOnce, { segmentId, listId });
    const all = users.map(({ user }) => user);
    const fitting = howManyFit(all);
    if (fitting < users.length) return { users: all.slice(0, fitting), next: String(users[fitting - 1]!.seq) };
    return { users: all, next: last === null ? null : String(last) };
  }

  async events({ realmId, after, event, from, to }: RequestOf<typeof profiles.exportEventsPage>): Promise<ResponseOf<typeof profiles.exportEventsPage>> {
    const place = after === null ? beforeAll : placeOf(after);
    // A name that can't be stored is no event's; a time that Postgres does not know is before or after all.
    const filter = { event: event === undefined || isStorable(event) ? event : '', from: from === undefined ? undefined : storableTime(from), to: to === undefined ? undefined : storableTime(to) };
    const found = await this.data.events(this.database, realmId, place, eventsAtOnce, filter);
    const page = found.slice(0, fittingEvents(found));
    const last = page.at(-1);
    const isAll = page.length === found.length && found.length < eventsAtOnce;
    return {
      events: page.filter(({ wanted }) => wanted).map(({ userId, uid, id, event: name, value, properties, timestamp }) => ({ userId, uid, id, event: name, value, properties, timestamp })),
      next: isAll || last === undefined ? null : JSON.stringify([last.userId, last.occurredAt, last.seq]),
    };
  }
}

function placeOf(after: string): EventPlace {
  const [userId, occurredAt, seq] = JSON.parse(after) as [string, string, number];
  return { userId, occurredAt, seq };
}

function fittingEvents(events: readonly ExportedEvent[]): number {
  let bytes = 0;
  const tooMany = events.findIndex((event) => (bytes += jsonBytes(event)) > mostBytes);
  return tooMany < 0 ? events.length : Math.max(tooMany, 1);
}
