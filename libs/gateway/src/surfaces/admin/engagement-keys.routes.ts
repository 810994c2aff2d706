import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import type { identity } from '#libs/contracts';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { ManagedCredentials } from '../../upstream/managed-credentials.js';
import { credentialFields, nameText, pageFields, pageQuery, projectParams, shown, toCredentialFields } from './management.wire.js';

const keyParams = projectParams.extend({ engagement_key_id: z.string() });
const engagementKey = z.object({ engagement_key_id: z.string(), ...credentialFields });
type EngagementKey = z.output<typeof engagementKey>;

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/engagement-keys',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'the answer holds a secret, which is not kept' },
  summary: 'Make a key and secret for the engagement surface; both are shown this once',
  params: projectParams,
  body: z.strictObject({ name: nameText.nullish() }).optional(),
  answer: { status: 201, description: 'The key and its secret', body: engagementKey.extend({ key: z.string(), secret: z.string() }) },
  failures: { 404: 'There is no such project.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/engagement-keys',
  access: adminProject('project:administer'),
  summary: 'List engagement keys, newest first',
  params: projectParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ engagement_keys: z.array(engagementKey), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/engagement-keys/:engagement_key_id',
  access: adminProject('project:administer'),
  summary: 'Get an engagement key',
  params: keyParams,
  answer: { status: 200, description: 'The key', body: engagementKey },
  failures: { 404: 'There is no such project or key.' },
});

const revoke = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/engagement-keys/:engagement_key_id',
  access: adminProject('project:administer'),
  summary: 'Revoke an engagement key and its secret',
  params: keyParams,
  answer: { status: 204, description: 'It is refused everywhere within a second' },
  failures: { 404: 'There is no such project or key.' },
});

@Controller()
export class EngagementKeysRoutes {
  constructor(private readonly credentials: ManagedCredentials) {}

  @Header('cache-control', 'no-store')
  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<EngagementKey & { key: string; secret: string }> {
    const { made, credential } = await this.credentials.create(groupOf(caller), { name: body?.name ?? 'Engagement key', roles: [] }, caller.actor, context);
    return { ...toEngagementKey(credential), key: shown(made.key), secret: shown(made.secret) };
  }

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { credentials, nextCursor } = await this.credentials.list(groupOf(caller), { limit: query.page_size, cursor: query.cursor }, context);
    return { engagement_keys: credentials.map(toEngagementKey), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ params, caller, context }: RouteCall<typeof get>): Promise<EngagementKey> {
    return toEngagementKey(await this.credentials.get(groupOf(caller), params.engagement_key_id, context));
  }

  @Serves(revoke)
  async revoke({ params, caller, context }: RouteCall<typeof revoke>): Promise<void> {
    await this.credentials.revoke(groupOf(caller), params.engagement_key_id, caller.actor, context);
  }
}

function groupOf({ projectId }: { projectId: string }): identity.CredentialGroup {
  return { kind: 'engagement', projectId, organisationId: null };
}

function toEngagementKey(credential: identity.ManagedCredential): EngagementKey {
  return { engagement_key_id: credential.credentialId, ...toCredentialFields(credential) };
}
