import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import type { CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

export type AuditFilter = RequestInput<typeof operations.listAudit>['filter'];
type Page = ResponseOf<typeof operations.listAudit>;

/** Entries that one message of an export holds. */
const exportedAtATime = 500;

/** What administrators did, as operations keeps it. */
@Injectable()
export class AuditTrail {
  constructor(private readonly rpc: RpcClient) {}

  /** Newest first. @throws Failure `invalid-cursor` */
  list(filter: AuditFilter, page: { limit: number; cursor?: string | undefined }, context: CallContext): Promise<Page> {
    return this.rpc.call(operations.listAudit, { filter, order: 'newest-first', ...page }, context);
  }

  /**
   * All of it, oldest first, some at a time. The first ones are there when this has answered, so that what can go wrong at
   * once goes wrong while there is still an answer to give.
   */
  async export(filter: AuditFilter, context: CallContext): Promise<AsyncIterable<Page['entries']>> {
    const read = (cursor?: string) => this.rpc.call(operations.listAudit, { filter, order: 'oldest-first', limit: exportedAtATime, cursor }, context);
    return pagesFrom(await read(), read);
  }
}

async function* pagesFrom(first: Page, read: (cursor: string) => Promise<Page>): AsyncIterable<Page['entries']> {
  for (let page = first; ; page = await read(page.nextCursor)) {
    yield page.entries;
    if (page.nextCursor === null) return;
  }
}
