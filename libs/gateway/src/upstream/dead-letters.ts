import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { deadLetterErrors, deadLetterSources, operations, type Actor, type DeadLetter, type DeadLetterFilter, type DeadLetterService, type discardReasons } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

export const deadLetterServices = Object.keys(deadLetterSources).sort() as DeadLetterService[];
export type ServedDeadLetter = DeadLetter & { service: DeadLetterService };
export type DeadLetterQuestion = DeadLetterFilter & { service?: DeadLetterService | undefined };

/** Event, service and consumer of the last one shown, and of which question. */
const place = z.tuple([z.uuid(), z.enum(deadLetterServices), z.string(), z.string()]);

/** The dead letters of all services as one list: by event, the newest first, then by service and consumer. */
@Injectable()
export class DeadLetters {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * One page. Services that do not answer are named, and what the others hold is shown.
   * @throws Failure `invalid-cursor`; `service-unavailable` when nobody answers
   */
  async list({ service, ...filter }: DeadLetterQuestion, { limit, cursor }: { limit: number; cursor?: string | undefined }, context: CallContext) {
    const question = digest([service, filter]);
    const last = cursor === undefined ? undefined : open(cursor, question);
    const { answers, unreachable } = await this.ask(service, async (one) => {
      const { deadLetters } = await this.rpc.call(deadLetterSources[one].list, { filter, limit: limit + 1, after: last && afterIn(one, last) }, context);
      return deadLetters.map((letter): ServedDeadLetter => ({ ...letter, service: one }));
    });
    // Within an event each service's own order stays: sorting is stable, and the services come in theirs.
    const found = answers.flat().sort((one, other) => (one.eventId === other.eventId ? 0 : one.eventId < other.eventId ? 1 : -1));
    const page = found.slice(0, limit);
    const end = page.at(-1);
    return { deadLetters: page, unreachable, nextCursor: end !== undefined && found.length > limit ? Buffer.from(JSON.stringify([end.eventId, end.service, end.consumer, question])).toString('base64url') : null };
  }

  /** @throws Failure `dead-letter-not-found` */
  async get(service: DeadLetterService, consumer: string, eventId: string, context: CallContext): Promise<ServedDeadLetter> {
    const { deadLetters } = await this.rpc.call(deadLetterSources[service].list, { filter: { consumer, eventId }, limit: 1 }, context);
    const [letter] = deadLetters;
    if (letter === undefined) throw deadLetterErrors.failure('dead-letter-not-found', 'There is no such dead letter.');
    return { ...letter, service };
  }

  async count(context: CallContext) {
    const { answers, unreachable } = await this.ask(undefined, async (one) => {
      const { counts } = await this.rpc.call(deadLetterSources[one].count, {}, context);
      return counts.map((count) => ({ ...count, service: one }));
    });
    return { counts: answers.flat(), unreachable };
  }

  async replay(service: DeadLetterService, consumer: string, eventId: string, actor: Actor, context: CallContext) {
    return this.rpc.call(deadLetterSources[service].replay, { consumer, eventId, actor }, context);
  }

  async requestReplay({ service, ...filter }: DeadLetterQuestion, actor: Actor, context: CallContext) {
    const { answers, unreachable } = await this.ask(service, (one) => this.rpc.call(deadLetterSources[one].requestReplay, { filter, actor }, context));
    return { requested: answers.reduce((sum, { requested }) => sum + requested, 0), unreachable };
  }

  async discard({ service, ...filter }: DeadLetterQuestion, reason: (typeof discardReasons)[number], actor: Actor, context: CallContext) {
    const { answers, unreachable } = await this.ask(service, (one) => this.rpc.call(deadLetterSources[one].discard, { filter, reason, actor }, context));
    return { discarded: answers.reduce((sum, { discarded }) => sum + discarded, 0), more: answers.some(({ more }) => more), unreachable };
  }

  /** Asks one service, or all of them and goes on without those that are away. */
  private async ask<Answer>(service: DeadLetterService | undefined, question: (service: DeadLetterService) => Promise<Answer>): Promise<{ answers: Answer[]; unreachable: DeadLetterService[] }> {
    const asked = service === undefined ? deadLetterServices : [service];
    const settled = await Promise.allSettled(asked.map((one) => question(one)));
    const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed !== undefined && answers.length === 0) throw failed.reason;
    return { answers, unreachable: asked.filter((_, index) => settled[index]!.status === 'rejected') };
  }
}

interface Place {
  eventId: string;
  service: DeadLetterService;
  consumer: string;
}

/** Where a service's own list goes on behind a place in the whole: services before it have shown all of the event, those after it nothing. */
function afterIn(service: DeadLetterService, last: Place): { eventId: string; consumer: string | null } {
  if (service === last.service) return { eventId: last.eventId, consumer: last.consumer };
  return { eventId: last.eventId, consumer: service < last.service ? null : '' };
}

function open(cursor: string, question: string): Place {
  const parsed = place.safeParse(parse(cursor));
  if (!parsed.success || parsed.data[3] !== question) throw operations.operationsErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
  const [eventId, service, consumer] = parsed.data;
  return { eventId, service, consumer };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function digest(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12);
}
