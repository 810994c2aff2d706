import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { operations } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { projectParams } from './management.wire.js';
import { changeWebhookBody, createWebhookBody, testOutcome, toWebhookObject, webhookIdOf, webhookObject, webhookParams, webhookWithSecret, type WebhookObject, type WebhookWithSecret } from './webhook.wire.js';

const notFound = { 404: 'There is no such project or webhook.' };

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/webhooks',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'the answer holds a secret' },
  summary: 'Have what happens in a project sent to an address',
  params: projectParams,
  body: createWebhookBody,
  answer: { status: 201, description: 'The webhook, and once its secret', body: webhookWithSecret },
  failures: { 404: 'There is no such project.', 409: 'The project has as many webhooks as it may have.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/webhooks',
  access: adminProject('project:administer'),
  summary: 'List the webhooks of a project, newest first',
  params: projectParams,
  answer: { status: 200, description: 'All of them', body: z.object({ webhooks: z.array(webhookObject) }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id',
  access: adminProject('project:administer'),
  summary: 'Get a webhook, and how much waits for it',
  params: webhookParams,
  answer: { status: 200, description: 'The webhook', body: webhookObject.extend({ pending: z.number().int().describe('Deliveries that wait') }) },
  failures: notFound,
});

const change = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id',
  access: adminProject('project:administer'),
  summary: 'Change a webhook, disable it, or enable it again',
  params: webhookParams,
  body: changeWebhookBody,
  answer: { status: 200, description: 'The webhook', body: webhookObject },
  failures: notFound,
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id',
  access: adminProject('project:administer'),
  summary: 'Remove a webhook and its log',
  params: webhookParams,
  answer: { status: 204, description: 'Nothing is sent there any more' },
  failures: notFound,
});

const rotate = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id/rotate-secret',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'the answer holds a secret' },
  summary: 'Make another secret; for a day, both sign',
  params: webhookParams,
  answer: { status: 200, description: 'The webhook, and once its new secret', body: webhookWithSecret },
  failures: notFound,
});

const test = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/webhooks/:webhook_id/test',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'nothing is changed' },
  summary: 'Send a test event to a webhook, and see what it answers',
  params: webhookParams,
  answer: { status: 200, description: 'What came of it', body: testOutcome },
  failures: notFound,
});

@Controller()
export class WebhooksRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(create)
  async create({ body: { url, description, types }, caller: { projectId, actor }, context }: RouteCall<typeof create>): Promise<WebhookWithSecret> {
    const request = { projectId, webhookId: newId(), url, description: description ?? null, types: types ?? null, actor };
    const { webhook, secret } = await this.rpc.call(operations.createWebhook, request, context);
    return { ...toWebhookObject(webhook), secret };
  }

  @Serves(list)
  async list({ caller: { projectId }, context }: RouteCall<typeof list>): Promise<{ webhooks: WebhookObject[] }> {
    const { webhooks } = await this.rpc.call(operations.listWebhooks, { projectId }, context);
    return { webhooks: webhooks.map(toWebhookObject) };
  }

  @Serves(get)
  async get({ params, caller: { projectId }, context }: RouteCall<typeof get>): Promise<z.output<typeof get.answer.body>> {
    const { webhook, pending } = await this.rpc.call(operations.getWebhook, { projectId, webhookId: webhookIdOf(params.webhook_id) }, context);
    return { ...toWebhookObject(webhook), pending };
  }

  @Serves(change)
  async change({ params, body, caller: { projectId, actor }, context }: RouteCall<typeof change>): Promise<WebhookObject> {
    const types = body.all_types === true ? null : (body.types ?? undefined);
    const changes = { url: body.url ?? undefined, description: body.description ?? undefined, types, isEnabled: body.enabled ?? undefined };
    return toWebhookObject(await this.rpc.call(operations.changeWebhook, { projectId, webhookId: webhookIdOf(params.webhook_id), ...changes, actor }, context));
  }

  @Serves(remove)
  async remove({ params, caller: { projectId, actor }, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(operations.removeWebhook, { projectId, webhookId: webhookIdOf(params.webhook_id), actor }, context);
  }

  @Serves(rotate)
  async rotate({ params, caller: { projectId, actor }, context }: RouteCall<typeof rotate>): Promise<WebhookWithSecret> {
    const { webhook, secret } = await this.rpc.call(operations.rotateWebhookSecret, { projectId, webhookId: webhookIdOf(params.webhook_id), actor }, context);
    return { ...toWebhookObject(webhook), secret };
  }

  @Serves(test)
  async test({ params, caller: { projectId }, context }: RouteCall<typeof test>): Promise<z.output<typeof testOutcome>> {
    const { isTaken, status, error, durationMs } = await this.rpc.call(operations.testWebhook, { projectId, webhookId: webhookIdOf(params.webhook_id) }, context);
    return { delivered: isTaken, response_status: status, error, duration_ms: durationMs };
  }
}
