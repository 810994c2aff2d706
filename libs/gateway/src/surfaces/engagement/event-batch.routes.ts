import { Controller } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { longestUid, profiles } from '#libs/contracts';
import { isFailure, mostMistakes } from '#libs/platform/errors';
import type { RequestInput } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { hashOfKey } from '../../http/idempotency-key.js';
import { parseInput } from '../../http/parse-input.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { toEvent, trackedEventBody } from '../../http/tracked-event.js';

/** Mistakes of a batch: with so many found, the rest of it is not looked at. */
const mostOfBatch = 10 * mostMistakes;

type Item = RequestInput<typeof profiles.trackEvents>['events'][number];
type Result = { status: 'ok' } | { error: string };

const batchItem = trackedEventBody.extend({ uid: z.string({ error: 'is required and must be a string' }).min(1, 'must not be empty').max(longestUid, `must not be longer than ${longestUid} characters`) });

// Each item is parsed by itself, so that a bad one does not refuse the others; described it is like any other.
const anyItem = z.unknown().meta(z.toJSONSchema(batchItem, { target: 'draft-2020-12', io: 'input' }) as Record<string, unknown>);

const trackBatch = route({
  surface: 'engagement',
  method: 'POST',
  path: '/v1/users/events/batch',
  access: engagementKey('optional'),
  idempotencyKey: 'honoured',
  summary: 'Add up to 1,000 events to users’ time lines',
  body: z.object({ events: z.array(anyItem, { error: 'must be an array of events' }).min(1, 'must hold 1 to 1,000 events').max(1_000, 'must hold 1 to 1,000 events') }),
  answer: {
    status: 200,
    description: 'One result per event, in order; those that are not refused are stored',
    body: z.object({ results: z.array(z.union([z.object({ status: z.literal('ok') }), z.object({ error: z.string() })])) }),
  },
});

@Controller()
export class EngagementEventBatchRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(trackBatch)
  async track({ body, caller, context, http }: RouteCall<typeof trackBatch>): Promise<{ results: Result[] }> {
    const idOf = eventIds(http);
    const results: Result[] = [];
    const good: { place: number; item: Item }[] = [];
    let mistakes = 0;
    for (const [place, given] of body.events.entries()) {
      // A batch that is made of nothing else must not cost us more than it cost its sender.
      const item = mistakes < mostOfBatch ? parseItem(given, place, idOf) : { error: `events[${place}]: was not looked at, so much is wrong with the events before it.`, mistakes: 0 };
      if ('error' in item) {
        results[place] = { error: item.error };
        mistakes += item.mistakes;
      } else good.push({ place, item });
    }
    if (good.length === 0) return { results };
    const tracked = await this.rpc.call(profiles.trackEvents, { realmId: caller.projectId, events: good.map(({ item }) => item) }, context);
    tracked.results.forEach((result, index) => {
      const { place } = good[index]!;
      results[place] = 'stored' in result ? { status: 'ok' } : { error: sentence(place, result.failure) };
    });
    return { results };
  }
}

/** Ids for events that come without: the same again when the same request is repeated under the same Idempotency-Key. */
function eventIds(request: FastifyRequest): (place: number) => string {
  const hash = hashOfKey(request);
  return hash === undefined ? () => newId() : (place) => `${hash}-${place}`;
}

function parseItem(given: unknown, place: number, idOf: (place: number) => string): Item | { error: string; mistakes: number } {
  try {
    const { uid, ...event } = parseInput(batchItem, given, `events[${place}]`) as z.output<typeof batchItem>;
    return { user: { uid }, event: toEvent(event, () => idOf(place)) };
  } catch (error) {
    if (isFailure(error)) return { error: error.value.message, mistakes: error.value.details?.length ?? 1 };
    throw error;
  }
}

/** Names the event and, where it is one, the field. */
function sentence(place: number, { code, message, details }: { code: string; message: string; details?: { path: string; message: string }[] | undefined }): string {
  const [first] = details ?? [];
  if (code === 'invalid-event' && first !== undefined) return `events[${place}]${first.path === '' ? '' : `.${first.path}`}: ${first.message}.`;
  return `events[${place}]: ${message}`;
}
