import { Injectable } from '@nestjs/common';
import { auditTrail, type AuditActor } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { deadLettersRepository, type DeadLetterCount, type DeadLetterFilter, type DeadLetterPlace, type DeadLetterRow } from './dead-letters.repository.js';
import { describeError, isUnavailable } from './delivery-failure.js';
import { EventConsumers } from './event-consumers.js';

const discardedAtOnce = 1_000;

/** What an operator does with the events that this service's consumers gave up. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly database: Database,
    private readonly consumers: EventConsumers,
    private readonly logger: Logger,
  ) {}

  /** By event, the newest first, then by consumer. */
  async list(filter: DeadLetterFilter, limit: number, after?: DeadLetterPlace): Promise<DeadLetterRow[]> {
    return deadLettersRepository.list(this.database, filter, limit, after);
  }

  async count(): Promise<DeadLetterCount[]> {
    return deadLettersRepository.count(this.database);
  }

  /** Marks those that fit: `replayRequested` tries them. @returns how many wait now that did not before */
  async requestReplay(filter: DeadLetterFilter, actor: AuditActor, context: CallContext): Promise<number> {
    const { consumer, eventId } = filter;
    const target = consumer !== undefined && eventId !== undefined ? { type: 'dead-letter', id: `${consumer}/${eventId}` } : { type: 'dead-letters', id: this.database.service };
    return this.database.withTransaction(async (tx) => {
      const requested = await deadLettersRepository.requestReplay(tx, filter);
      if (requested > 0) await auditTrail.append(tx, context, { actor, action: 'dead-letter.replay-requested', target });
      return requested;
    });
  }

  /**
   * Tries one again, at once.
   * @returns undefined: there is none; `deadLetter: null`: its effect is there now; else what it failed with
   * @throws Failure when something is out of reach; it is then tried again with the others that wait
   */
  async replay(consumer: string, eventId: string, actor: AuditActor, context: CallContext): Promise<{ deadLetter: DeadLetterRow | null } | undefined> {
    const [present] = await this.list({ consumer, eventId }, 1);
    if (present === undefined) return undefined;
    await this.requestReplay({ consumer, eventId }, actor, context);
    if (await this.attempt(consumer, eventId)) return { deadLetter: null };
    const [failed] = await this.list({ consumer, eventId }, 1);
    return { deadLetter: failed ?? null };
  }

  /**
   * Tries what waits for it, the oldest events first, until none is left or the time is over.
   * @throws Failure when something is out of reach; what is left goes on waiting
   */
  async replayRequested(budgetMs: number): Promise<{ replayed: number; failed: number; more: boolean }> {
    const until = performance.now() + budgetMs;
    const sum = { replayed: 0, failed: 0 };
    for (;;) {
      const [next] = await deadLettersRepository.requested(this.database, 1);
      if (next === undefined) return { ...sum, more: false };
      if (performance.now() >= until) return { ...sum, more: true };
      if (await this.attempt(next.consumer, next.eventId)) sum.replayed += 1;
      else sum.failed += 1;
    }
  }

  /** Throws away those that fit, up to a thousand of the newest. `more`: there may be others. */
  async discard(filter: DeadLetterFilter, reason: string, actor: AuditActor, context: CallContext): Promise<{ discarded: number; more: boolean }> {
    return this.database.withTransaction(async (tx) => {
      const gone = await deadLettersRepository.discard(tx, filter, discardedAtOnce);
      await auditTrail.append(tx, context, ...gone.map(({ consumer, eventId }) => ({ actor, action: 'dead-letter.discarded', target: { type: 'dead-letter', id: `${consumer}/${eventId}` }, after: [`reason:${reason}`] })));
      tx.afterCommit(() => {
        if (gone.length > 0) this.logger.info({ service: this.database.service, count: gone.length, reason }, 'dead letters discarded');
      });
      return { discarded: gone.length, more: gone.length === discardedAtOnce };
    });
  }

  /** @returns whether its effect is there now */
  private async attempt(consumer: string, eventId: string): Promise<boolean> {
    const about = { service: this.database.service, consumer, eventId };
    try {
      await this.consumers.replay(consumer, eventId);
      this.logger.info(about, 'dead letter replayed');
      return true;
    } catch (error) {
      if (isUnavailable(error)) throw error;
      await deadLettersRepository.failedAgain(this.database, consumer, eventId, describeError(error));
      this.logger.error({ ...about, err: error }, 'a dead letter failed again when it was replayed');
      return false;
    }
  }
}
