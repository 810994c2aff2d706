import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import type { identity } from '#libs/contracts';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ManagedCredentials } from '../../upstream/managed-credentials.js';
import { credentialFields, nameText, pageFields, pageQuery, projectParams, shown, toCredentialFields } from './management.wire.js';

const clientParams = projectParams.extend({ client_id: z.string() });
const apiClient = z.object({ client_id: z.string(), ...credentialFields });
type ApiClient = z.output<typeof apiClient>;

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/api-clients',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'the answer holds a secret, which is not kept' },
  summary: 'Make client credentials for the environment surface; the secret is shown this once',
  params: projectParams,
  example: { name: 'Backend', roles: ['events'] },
  body: z.strictObject({
    name: nameText,
    roles: z
      .array(z.enum(['events', 'workbench'], { error: 'must be events or workbench' }), { error: 'must be an array of events, workbench' })
      .min(1, 'must name events, workbench or both')
      // Each is looked at, and what is wrong with it said, unless there are too many: a mebibyte of them would hold everybody up for a second.
      .max(10, 'must not have more than 10 items')
      .transform((roles) => [...new Set(roles)]),
  }),
  answer: { status: 201, description: 'The client and its secret', body: apiClient.extend({ client_secret: z.string() }) },
  failures: { 404: 'There is no such project.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/api-clients',
  access: adminProject('project:administer'),
  summary: 'List API clients, newest first',
  params: projectParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ api_clients: z.array(apiClient), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/api-clients/:client_id',
  access: adminProject('project:administer'),
  summary: 'Get an API client',
  params: clientParams,
  answer: { status: 200, description: 'The client', body: apiClient },
  failures: { 404: 'There is no such project or client.' },
});

const revoke = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/api-clients/:client_id',
  access: adminProject('project:administer'),
  summary: 'Revoke an API client, and every token that it was issued',
  params: clientParams,
  answer: { status: 204, description: 'It is refused everywhere within a second' },
  failures: { 404: 'There is no such project or client.' },
});

@Controller()
export class ApiClientsRoutes {
  constructor(private readonly credentials: ManagedCredentials) {}

  @Header('cache-control', 'no-store')
  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<ApiClient & { client_secret: string }> {
    const { made, credential } = await this.credentials.create(groupOf(caller), body, caller.actor, context);
    return { ...toApiClient(credential), client_secret: shown(made.secret) };
  }

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { credentials, nextCursor } = await this.credentials.list(groupOf(caller), { limit: query.page_size, cursor: query.cursor }, context);
    return { api_clients: credentials.map(toApiClient), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ params, caller, context }: RouteCall<typeof get>): Promise<ApiClient> {
    return toApiClient(await this.credentials.get(groupOf(caller), params.client_id, context));
  }

  @Serves(revoke)
  async revoke({ params, caller, context }: RouteCall<typeof revoke>): Promise<void> {
    await this.credentials.revoke(groupOf(caller), params.client_id, caller.actor, context);
  }
}

function groupOf({ projectId }: { projectId: string }): identity.CredentialGroup {
  return { kind: 'client', projectId, organisationId: null };
}

function toApiClient(credential: identity.ManagedCredential): ApiClient {
  return { client_id: credential.credentialId, ...toCredentialFields(credential) };
}
