import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { operations } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { pageFields } from './management.wire.js';
import { deliveriesQuery, deliveryIdOf, deliveryObject, deliveryParams, deliveryWithAttempts, replayBody, toDeliveryObject, webhookIdOf, webhookParams, type DeliveryObject, type DeliveryWithAttempts } from './webhook.wire.js';

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id/deliveries',
  access: adminProject('project:administer'),
  summary: 'List what was sent to a webhook or waits for it, the newest event first',
  params: webhookParams,
  query: deliveriesQuery,
  answer: { status: 200, description: 'One page', body: z.object({ deliveries: z.array(deliveryObject), ...pageFields }) },
  failures: { 404: 'There is no such project or webhook.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id/deliveries/:delivery_id',
  access: adminProject('project:administer'),
  summary: 'Get a delivery and its attempts',
  params: deliveryParams,
  answer: { status: 200, description: 'The delivery', body: deliveryWithAttempts },
  failures: { 404: 'There is no such project, webhook or delivery.' },
});

const replay = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id/deliveries/:delivery_id/replay',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'a delivery that waits already is sent once' },
  summary: 'Have an event sent again',
  params: deliveryParams,
  answer: { status: 202, description: 'The delivery, which waits now', body: deliveryObject },
  failures: { 404: 'There is no such project, webhook or delivery.' },
});

const replaySince = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id/replay',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'a delivery that waits already is sent once' },
  summary: 'Have the events of a span of time sent, or sent again',
  params: webhookParams,
  body: replayBody,
  answer: { status: 202, description: 'How many wait now that did not before', body: z.object({ queued: z.number().int() }) },
  failures: { 404: 'There is no such project or webhook.' },
});

@Controller()
export class WebhookDeliveriesRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ params, query, caller: { projectId }, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { state, subject, cursor, page_size } = query;
    const { deliveries, nextBefore } = await this.rpc.call(operations.listDeliveries, { projectId, webhookId: webhookIdOf(params.webhook_id), state, subject, before: cursor, limit: page_size }, context);
    return { deliveries: deliveries.map(toDeliveryObject), next_cursor: nextBefore === null ? null : String(nextBefore), page_size };
  }

  @Serves(get)
  async get({ params, caller: { projectId }, context }: RouteCall<typeof get>): Promise<DeliveryWithAttempts> {
    const which = { projectId, webhookId: webhookIdOf(params.webhook_id), deliveryId: deliveryIdOf(params.delivery_id) };
    const { delivery, attempts } = await this.rpc.call(operations.getDelivery, which, context);
    return { ...toDeliveryObject(delivery), log: attempts.map(({ attempt, at, status, error, durationMs }) => ({ attempt, at, response_status: status, error, duration_ms: durationMs })) };
  }

  @Serves(replay)
  async replay({ params, caller: { projectId, actor }, context }: RouteCall<typeof replay>): Promise<DeliveryObject> {
    const which = { projectId, webhookId: webhookIdOf(params.webhook_id), deliveryId: deliveryIdOf(params.delivery_id) };
    return toDeliveryObject(await this.rpc.call(operations.replayDelivery, { ...which, actor }, context));
  }

  @Serves(replaySince)
  async replaySince({ params, body, caller: { projectId, actor }, context }: RouteCall<typeof replaySince>): Promise<{ queued: number }> {
    const span = { from: body.from, to: body.to ?? undefined, onlyFailed: body.only_failed ?? false };
    return this.rpc.call(operations.replayDeliveries, { projectId, webhookId: webhookIdOf(params.webhook_id), ...span, actor }, context);
  }
}
