import { Injectable } from '@nestjs/common';
import { profiles, type Actor } from '#libs/contracts';
import type { CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { insist } from './insist.js';

export type ExportedEvent = ResponseOf<typeof profiles.exportEventsPage>['events'][number];
type UserFilter = Omit<RequestInput<typeof profiles.exportUsersPage>, 'realmId' | 'after'>;
type EventFilter = Omit<RequestInput<typeof profiles.exportEventsPage>, 'realmId' | 'after'>;

/**
 * All users or events of a project, some at a time and never more than the reader takes. The first ones are there when these have answered, so
 * that what can go wrong at once goes wrong while there is still an answer to give.
 */
@Injectable()
export class DataExports {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws Failure `segment-not-found`, `list-not-found` */
  async users(realmId: string, filter: UserFilter, actor: Actor, context: CallContext): Promise<AsyncIterable<profiles.Profile[]>> {
    await this.rpc.call(profiles.beginDataExport, { realmId, kind: 'users', ...filter, actor }, context);
    const read = async (after: string | null) => {
      const { users: records, next } = await this.rpc.call(profiles.exportUsersPage, { realmId, after, ...filter }, context);
      return { records, next };
    };
    return pagesFrom(await read(null), read);
  }

  async events(realmId: string, filter: EventFilter, actor: Actor, context: CallContext): Promise<AsyncIterable<ExportedEvent[]>> {
    await this.rpc.call(profiles.beginDataExport, { realmId, kind: 'events', actor }, context);
    const read = async (after: string | null) => {
      const { events: records, next } = await this.rpc.call(profiles.exportEventsPage, { realmId, after, ...filter }, context);
      return { records, next };
    };
    return pagesFrom(await read(null), read);
  }
}

interface Page<T> {
  records: T[];
  next: string | null;
}

async function* pagesFrom<T>(first: Page<T>, read: (after: string) => Promise<Page<T>>): AsyncIterable<T[]> {
  for (let page = first; ; page = await insist(() => read(page.next!))) {
    yield page.records;
    if (page.next === null) return;
  }
}
