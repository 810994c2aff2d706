import { Injectable } from '@nestjs/common';
import { feedSources } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { feedSource } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

const { pending, settle } = feedSources.identity;

/** Hands the service's events to the feeds of projects. */
@Injectable()
export class FeedMessages {
  constructor(private readonly database: Database) {}

  @Handles(pending)
  async pending(...[{ limit }]: HandlerArguments<typeof pending>) {
    return feedSource.pending(this.database, limit);
  }

  @Handles(settle)
  async settle(...[{ eventIds }]: HandlerArguments<typeof settle>) {
    await feedSource.settle(this.database, eventIds);
    return {};
  }
}
