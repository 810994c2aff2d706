import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { CollectFeed } from './collect-feed.js';
import { ComposeEvents } from './compose-events.js';
import { ProjectFeedRepository } from './project-feed.repository.js';

/** Positions that one request looks at: of a rare type it may find none among them, and goes on from there. */
const atOnce = 10_000;
/** Of events that a service still holds: whoever asks does not wait for all of a flood. */
const mostBatches = 4;

/** Answers what happened in a project after a position. */
@Injectable()
export class ReadFeed {
  constructor(
    private readonly database: Database,
    private readonly collectFeed: CollectFeed,
    private readonly feed: ProjectFeedRepository,
    private readonly composeEvents: ComposeEvents,
    private readonly logger: Logger,
  ) {}

  async read(request: RequestOf<typeof operations.readFeed>, context: CallContext): Promise<ResponseOf<typeof operations.readFeed>> {
    await this.collectFirst(context);
    return this.answer(request, context);
  }

  private async answer(request: RequestOf<typeof operations.readFeed>, context: CallContext): Promise<ResponseOf<typeof operations.readFeed>> {
    const { projectId, after, limit, types } = request;
    const from = typeof after === 'number' ? after : await this.place(projectId, after);
    const { first, last, entries } = await this.feed.read(this.database, projectId, { after: from, through: from + atOnce, types, limit });
    const oldest = first ?? last + 1;
    if (typeof after !== 'number' && from < oldest - 1) return this.answer(request, context); // trimmed in between
    this.assertKnown(from, oldest, last);
    const events = await this.composeEvents.compose(projectId, entries, context);
    const looked = entries.length === limit || events.length < entries.length ? entries[events.length - 1]!.position : Math.min(from + atOnce, last);
    return { events, next: looked, hasMore: looked < last };
  }

  private async place(projectId: string, after: 'latest' | undefined): Promise<number> {
    const { first, last } = await this.feed.read(this.database, projectId, { after: 0, through: 0, limit: 1 });
    return after === 'latest' || first === null ? last : first - 1;
  }

  private assertKnown(from: number, oldest: number, last: number): void {
    if (from > last) throw operations.operationsErrors.failure('feed-position-unknown', `The feed ends at ${last}: there is no such position in it yet.`);
    if (from < oldest - 1) {
      throw operations.operationsErrors.failure('feed-position-expired', `Events after this position are no longer kept: the oldest one that is has the sequence ${oldest}. Take over the present state, then go on without \`after\`, or from \`latest\`.`);
    }
  }

  /** Who asks sees what they have just done. A service that is away is no reason to show nothing of the others. */
  private async collectFirst(context: CallContext): Promise<void> {
    await this.collectFeed.collect(context, mostBatches).catch((error: unknown) => {
      this.logger.warn({ requestId: context.requestId, err: error }, 'the feed is answered without what a service still holds');
    });
  }
}
