import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { permissionsOfProjectRole, projectRoles, type identity } from '#libs/contracts';
import { adminProject } from '../../access/access-rule.js';
import { httpErrors } from '../../http/http-errors.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ManagedCredentials } from '../../upstream/managed-credentials.js';
import { credentialFields, nameText, pageFields, pageQuery, projectParams, shown, toCredentialFields } from './management.wire.js';

const keyParams = projectParams.extend({ api_key_id: z.string() });
const apiKey = z.object({ api_key_id: z.string(), ...credentialFields });
type ApiKey = z.output<typeof apiKey>;

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/api-keys',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'the answer holds a secret, which is not kept' },
  summary: 'Make an API key of the project, for the project surface; it is shown this once',
  params: projectParams,
  body: z.strictObject({ name: nameText, role: z.enum(projectRoles, { error: `must be one of ${projectRoles.join(', ')}` }) }),
  answer: { status: 201, description: 'The key', body: apiKey.extend({ key: z.string() }) },
  failures: { 404: 'There is no such project.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/api-keys',
  access: adminProject('project:administer'),
  summary: 'List API keys of the project, newest first',
  params: projectParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ api_keys: z.array(apiKey), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/api-keys/:api_key_id',
  access: adminProject('project:administer'),
  summary: 'Get an API key',
  params: keyParams,
  answer: { status: 200, description: 'The key', body: apiKey },
  failures: { 404: 'There is no such project or key.' },
});

const revoke = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/api-keys/:api_key_id',
  access: adminProject('project:administer'),
  summary: 'Revoke an API key',
  params: keyParams,
  answer: { status: 204, description: 'It is refused everywhere within a second' },
  failures: { 404: 'There is no such project or key.' },
});

@Controller()
export class ApiKeysRoutes {
  constructor(private readonly credentials: ManagedCredentials) {}

  @Header('cache-control', 'no-store')
  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<ApiKey & { key: string }> {
    // Nobody gives to a key what they don't hold themselves.
    const lacking = permissionsOfProjectRole[body.role].filter((permission) => !caller.permissions.includes(permission));
    if (lacking.length > 0) throw httpErrors.failure('permission-missing', `You can't give the role ${body.role}, because you lack ${lacking.join(', ')}.`);
    const { made, credential } = await this.credentials.create(groupOf(caller), { name: body.name, roles: [body.role] }, caller.actor, context);
    return { ...toApiKey(credential), key: shown(made.key) };
  }

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { credentials, nextCursor } = await this.credentials.list(groupOf(caller), { limit: query.page_size, cursor: query.cursor }, context);
    return { api_keys: credentials.map(toApiKey), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ params, caller, context }: RouteCall<typeof get>): Promise<ApiKey> {
    return toApiKey(await this.credentials.get(groupOf(caller), params.api_key_id, context));
  }

  @Serves(revoke)
  async revoke({ params, caller, context }: RouteCall<typeof revoke>): Promise<void> {
    await this.credentials.revoke(groupOf(caller), params.api_key_id, caller.actor, context);
  }
}

function groupOf({ projectId }: { projectId: string }): identity.CredentialGroup {
  return { kind: 'api-key', projectId, organisationId: null };
}

function toApiKey(credential: identity.ManagedCredential): ApiKey {
  return { api_key_id: credential.credentialId, ...toCredentialFields(credential) };
}
