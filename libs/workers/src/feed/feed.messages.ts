import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ReadFeed } from './read-feed.js';

@Injectable()
export class FeedMessages {
  constructor(private readonly readFeed: ReadFeed) {}

  @Handles(operations.readFeed)
  async read(...[request, context]: HandlerArguments<typeof operations.readFeed>) {
    return this.readFeed.read(request, context);
  }
}
