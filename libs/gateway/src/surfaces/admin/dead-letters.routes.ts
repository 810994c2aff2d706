import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { deadLetterErrors, type DeadLetterService } from '#libs/contracts';
import { adminDeployment } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { DeadLetters } from '../../upstream/dead-letters.js';
import { addressedLetter, deadLetterObject, deadLetterParams, deadLetterQuestion, deadLettersQuery, discardBody, noSuchLetter, toDeadLetterObject, toQuestion, unreachable } from './dead-letters.wire.js';

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/dead-letters',
  access: adminDeployment('jobs:read'),
  summary: 'Events that a consumer gave up, the newest first',
  query: deadLettersQuery,
  answer: { status: 200, description: 'One page', body: z.object({ dead_letters: z.array(deadLetterObject), next_cursor: z.string().nullable(), limit: z.number().int(), unreachable }) },
});

const summary = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/dead-letters/summary',
  access: adminDeployment('jobs:read'),
  summary: 'How many dead letters there are, by service, consumer and subject',
  answer: {
    status: 200,
    description: 'None: `total` is 0',
    body: z.object({
      total: z.number().int(),
      counts: z.array(z.object({ service: z.string(), consumer: z.string(), subject: z.string(), count: z.number().int(), waiting: z.number().int().describe('Those that wait to be replayed'), oldest: z.string().describe('When the first of them was given up') })),
      unreachable,
    }),
  },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/dead-letters/:service/:consumer/:event_id',
  access: adminDeployment('jobs:read'),
  summary: 'One dead letter',
  params: deadLetterParams,
  answer: { status: 200, description: 'The dead letter', body: deadLetterObject },
  failures: { 404: noSuchLetter },
});

const replay = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/dead-letters/:service/:consumer/:event_id/replay',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'an event takes effect once, and is then no dead letter any more' },
  summary: 'Replay a dead letter at once',
  params: deadLetterParams,
  answer: { status: 200, description: '`replayed: false`: it failed again, and is shown as it is now', body: z.object({ replayed: z.boolean(), dead_letter: deadLetterObject.nullable() }) },
  failures: { 404: noSuchLetter },
});

const discard = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/dead-letters/:service/:consumer/:event_id/discard',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'what is discarded is gone, and a second time is a 404' },
  summary: 'Throw a dead letter away',
  params: deadLetterParams,
  body: discardBody,
  answer: { status: 204, description: 'It is gone; the audit trail says who, and the reason' },
  failures: { 404: noSuchLetter },
});

const replayAll = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/dead-letters/replay',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'what waits for its replay already is not asked for twice' },
  summary: 'Replay all dead letters that fit',
  body: deadLetterQuestion.strict(),
  answer: { status: 202, description: 'They wait for the schedule `replay-dead-letters`, which comes every few seconds; what fails again is listed as before, its `deliveries` raised', body: z.object({ requested: z.number().int().describe('How many wait that did not before'), unreachable }) },
});

const discardAll = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/dead-letters/discard',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'what is discarded is gone' },
  summary: 'Throw away all dead letters that fit, up to 1,000 of each service',
  example: { service: 'profiles', reason: 'fixed-by-hand' },
  body: deadLetterQuestion
    .extend(discardBody.shape)
    .strict()
    .refine(({ reason: _, ...filter }) => Object.values(filter).some((value) => value !== undefined), { message: 'must name one of service, consumer, subject, from and to', path: ['service'] }),
  answer: { status: 200, description: '`more`: there are others left', body: z.object({ discarded: z.number().int(), more: z.boolean(), unreachable }) },
});

@Controller()
export class DeadLettersRoutes {
  constructor(private readonly deadLetters: DeadLetters) {}

  @Serves(list)
  async list({ query: { cursor, limit, ...question }, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const page = await this.deadLetters.list(toQuestion(question), { limit, cursor }, context);
    return { dead_letters: page.deadLetters.map(toDeadLetterObject), next_cursor: page.nextCursor, limit, unreachable: page.unreachable };
  }

  @Serves(summary)
  async summary({ context }: RouteCall<typeof summary>): Promise<z.output<typeof summary.answer.body>> {
    const { counts, unreachable: missing } = await this.deadLetters.count(context);
    return { total: counts.reduce((sum, { count }) => sum + count, 0), counts: counts.map(({ type, ...count }) => ({ ...count, subject: type })), unreachable: missing };
  }

  @Serves(get)
  async get({ params, context }: RouteCall<typeof get>): Promise<z.output<typeof get.answer.body>> {
    return toDeadLetterObject(await this.deadLetters.get(...addressed(params), context));
  }

  @Serves(replay)
  async replay({ params, caller, context }: RouteCall<typeof replay>): Promise<z.output<typeof replay.answer.body>> {
    const [service, consumer, eventId] = addressed(params);
    const { replayed, deadLetter } = await this.deadLetters.replay(service, consumer, eventId, caller.actor, context);
    return { replayed, dead_letter: deadLetter && toDeadLetterObject({ ...deadLetter, service }) };
  }

  @Serves(discard)
  async discard({ params, body: { reason }, caller, context }: RouteCall<typeof discard>): Promise<void> {
    const [service, consumer, eventId] = addressed(params);
    const { discarded } = await this.deadLetters.discard({ service, consumer, eventId }, reason, caller.actor, context);
    if (discarded === 0) throw notFound();
  }

  @Serves(replayAll)
  async replayAll({ body, caller, context }: RouteCall<typeof replayAll>): Promise<z.output<typeof replayAll.answer.body>> {
    return this.deadLetters.requestReplay(toQuestion(body), caller.actor, context);
  }

  @Serves(discardAll)
  async discardAll({ body: { reason, ...question }, caller, context }: RouteCall<typeof discardAll>): Promise<z.output<typeof discardAll.answer.body>> {
    return this.deadLetters.discard(toQuestion(question), reason, caller.actor, context);
  }
}

/** What names no letter that there could be is answered like an unknown one. */
function addressed(params: z.output<typeof deadLetterParams>): [service: DeadLetterService, consumer: string, eventId: string] {
  const parsed = addressedLetter.safeParse(params);
  if (!parsed.success) throw notFound();
  return [parsed.data.service, parsed.data.consumer, parsed.data.event_id];
}

function notFound() {
  return deadLetterErrors.failure('dead-letter-not-found', 'There is no such dead letter.');
}
