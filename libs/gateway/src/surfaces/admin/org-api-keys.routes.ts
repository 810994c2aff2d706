import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { projectRoles, type identity } from '#libs/contracts';
import { adminOrganisation } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ManagedCredentials } from '../../upstream/managed-credentials.js';
import { credentialFields, nameText, pageFields, pageQuery, shown, toCredentialFields } from './management.wire.js';

/** What a key of an organisation can be: its administrator, or something in each of its projects. All of it is less than the org_admin who makes it. */
const roles = ['org_admin', ...projectRoles] as const;
const orgParams = z.object({ org_id: z.string() });
const keyParams = orgParams.extend({ api_key_id: z.string() });
const apiKey = z.object({ api_key_id: z.string(), ...credentialFields });
const newApiKey = apiKey.extend({ key: z.string() });
type ApiKey = z.output<typeof apiKey>;
const unknownKey = { 404: 'There is no such organisation or key.' };

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/orgs/:org_id/api-keys',
  access: adminOrganisation,
  idempotencyKey: { ignored: 'the answer holds a secret, which is not kept' },
  summary: 'Make an API key of the organisation; it is shown this once',
  params: orgParams,
  body: z.strictObject({ name: nameText, role: z.enum(roles, { error: `must be one of ${roles.join(', ')}` }) }),
  answer: { status: 201, description: 'The key', body: newApiKey },
  failures: { 404: 'There is no such organisation.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/api-keys',
  access: adminOrganisation,
  summary: 'List API keys of the organisation, newest first',
  params: orgParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ api_keys: z.array(apiKey), ...pageFields }) },
  failures: { 404: 'There is no such organisation.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/api-keys/:api_key_id',
  access: adminOrganisation,
  summary: 'Get an API key of the organisation',
  params: keyParams,
  answer: { status: 200, description: 'The key', body: apiKey },
  failures: unknownKey,
});

const rotate = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/orgs/:org_id/api-keys/:api_key_id/rotate',
  access: adminOrganisation,
  idempotencyKey: { ignored: 'the answer holds a secret, which is not kept' },
  summary: 'Make a key with the same name and role, and revoke this one',
  params: keyParams,
  answer: { status: 201, description: 'The new key, shown this once', body: newApiKey },
  failures: unknownKey,
});

const revoke = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/orgs/:org_id/api-keys/:api_key_id',
  access: adminOrganisation,
  summary: 'Revoke an API key of the organisation',
  params: keyParams,
  answer: { status: 204, description: 'It is refused everywhere within a second' },
  failures: unknownKey,
});

@Controller()
export class OrgApiKeysRoutes {
  constructor(private readonly credentials: ManagedCredentials) {}

  @Header('cache-control', 'no-store')
  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<z.output<typeof newApiKey>> {
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

  /** The new key comes first: whatever breaks off in between leaves one that works, and the old one to be revoked. */
  @Header('cache-control', 'no-store')
  @Serves(rotate)
  async rotate({ params, caller, context }: RouteCall<typeof rotate>): Promise<z.output<typeof newApiKey>> {
    const present = await this.credentials.get(groupOf(caller), params.api_key_id, context);
    const { made, credential } = await this.credentials.create(groupOf(caller), present, caller.actor, context);
    await this.credentials.revoke(groupOf(caller), present.credentialId, caller.actor, context);
    return { ...toApiKey(credential), key: shown(made.key) };
  }

  @Serves(revoke)
  async revoke({ params, caller, context }: RouteCall<typeof revoke>): Promise<void> {
    await this.credentials.revoke(groupOf(caller), params.api_key_id, caller.actor, context);
  }
}

function groupOf({ organisationId }: { organisationId: string }): identity.CredentialGroup {
  return { kind: 'api-key', projectId: null, organisationId };
}

function toApiKey(credential: identity.ManagedCredential): ApiKey {
  return { api_key_id: credential.credentialId, ...toCredentialFields(credential) };
}
