import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { profiles, type Actor } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

export type ExportedEvent = ResponseOf<typeof profiles.exportEventsPage>['events'][number];
type UserFilter = Omit<RequestInput<typeof profiles.exportUsersPage>, 'realmId' | 'after'>;
type EventFilter = Omit<RequestInput<typeof profiles.exportEventsPage>, 'realmId' | 'after'>;

/** A page is asked for so often while profiles are out of reach, a second apart: the beginning of the file is on its way already. */
const attempts = 10;

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

async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isFailure(error, 'service-unavailable') || attempt === attempts) throw error;
      await delay(1_000);
    }
  }
}
