import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { dateText, profiles, scalar } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { engagementKey } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { toSingleEvent, trackedEventBody } from '../../http/tracked-event.js';
import { inTheseWords } from './refusals.js';
import { uidParam } from './users.routes.js';
import { wholeNumberMeta } from '../../http/whole-number.js';

const eventObject = z.object({ id: z.string(), event: z.string(), value: scalar.nullable(), properties: z.record(z.string(), scalar), timestamp: z.string() });

const trackEvent = route({
  surface: 'engagement',
  method: 'POST',
  path: '/v1/users/:uid/events',
  access: engagementKey('optional'),
  idempotencyKey: 'honoured',
  summary: 'Add an event to a user’s time line',
  params: uidParam,
  body: trackedEventBody,
  answer: { status: 200, description: 'Stored, now or by an earlier try', body: z.object({ status: z.literal('ok') }) },
  failures: { 404: 'There is no such user.', 410: 'The user was erased.' },
});

const largestPage = 100;

const listEvents = route({
  surface: 'engagement',
  method: 'GET',
  path: '/v1/users/:uid/events',
  access: engagementKey('required'),
  summary: 'A user’s time line, newest first',
  params: uidParam,
  query: z.object({
    event: z.string().max(256).optional().describe('Only events of this name'),
    from: dateText.optional().describe('Not before'),
    to: dateText.optional().describe('Before'),
    limit: z
      .string()
      .regex(/^0*[1-9]\d*$/, 'must be a whole number from 1')
      .transform((text) => Math.min(Number(text), largestPage))
      .optional()
      .describe(`1 to ${largestPage}, default 30; more counts as ${largestPage}`)
      .meta(wholeNumberMeta(1, 999_999_999, 30)),
    cursor: z.string().max(512).optional().describe('`next_cursor` of the page before'),
  }),
  answer: { status: 200, description: 'One page', body: z.object({ data: z.array(eventObject), next_cursor: z.string().optional() }) },
  failures: { 404: 'There is no such user.' },
});

@Controller()
export class EngagementEventsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(trackEvent)
  async track({ params, body, caller, context, http }: RouteCall<typeof trackEvent>): Promise<{ status: 'ok' }> {
    const event = toSingleEvent(body, http);
    await this.rpc.call(profiles.trackEvent, { realmId: caller.projectId, user: { uid: params.uid }, event }, context).catch(inTheseWords);
    return { status: 'ok' };
  }

  @Serves(listEvents)
  async list({ params, query, caller, requestId }: RouteCall<typeof listEvents>): Promise<z.output<typeof listEvents.answer.body>> {
    const { limit = 30, ...filter } = query;
    const { events, nextCursor } = await this.rpc.call(profiles.listEvents, { realmId: caller.projectId, user: { uid: params.uid }, limit, ...filter }, { requestId });
    return { data: events, ...(nextCursor === null ? {} : { next_cursor: nextCursor }) };
  }
}
