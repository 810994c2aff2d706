import { Injectable } from '@nestjs/common';
import { deadLetterErrors, deadLetterSources } from '#libs/contracts';
import { DeadLetters } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

const { list, count, requestReplay, replay, replayRequested, discard } = deadLetterSources.operations;

/** Shows the events that the consumers of this service gave up, and does with them what an operator wants. */
@Injectable()
export class DeadLettersMessages {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Handles(list)
  async list(...[{ filter, limit, after }]: HandlerArguments<typeof list>) {
    return { deadLetters: await this.deadLetters.list(filter, limit, after) };
  }

  @Handles(count)
  async count() {
    return { counts: await this.deadLetters.count() };
  }

  @Handles(requestReplay)
  async requestReplay(...[{ filter, actor }, context]: HandlerArguments<typeof requestReplay>) {
    return { requested: await this.deadLetters.requestReplay(filter, actor, context) };
  }

  @Handles(replay)
  async replay(...[{ consumer, eventId, actor }, context]: HandlerArguments<typeof replay>) {
    const outcome = await this.deadLetters.replay(consumer, eventId, actor, context);
    if (outcome === undefined) throw deadLetterErrors.failure('dead-letter-not-found', 'There is no such dead letter.');
    return { replayed: outcome.deadLetter === null, deadLetter: outcome.deadLetter };
  }

  @Handles(replayRequested)
  async replayRequested(...[{ budgetMs }]: HandlerArguments<typeof replayRequested>) {
    return this.deadLetters.replayRequested(budgetMs);
  }

  @Handles(discard)
  async discard(...[{ filter, reason, actor }, context]: HandlerArguments<typeof discard>) {
    return this.deadLetters.discard(filter, reason, actor, context);
  }
}
