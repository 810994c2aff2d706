import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminDeployment } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';

const signingKey = z.object({
  kid: z.string(),
  algorithm: z.string(),
  state: z.enum(['next', 'signing', 'retired']).describe('next: published, and not signing yet; retired: verifies what it signed'),
  created_at: z.string(),
  active_from: z.string(),
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/signing-keys',
  access: adminDeployment('signing-keys:write'),
  summary: 'List the keys that access tokens are signed with, newest first',
  answer: { status: 200, description: 'All of them', body: z.object({ signing_keys: z.array(signingKey) }) },
});

const rotate = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/signing-keys/rotate',
  access: adminDeployment('signing-keys:write'),
  idempotencyKey: { ignored: 'one key more does no harm, and the keys there are can be listed' },
  summary: 'Make a new signing key, which signs after 15 minutes, or at once',
  body: z.strictObject({ immediately: z.boolean().default(false).describe('Verifiers that keep a copy of the key set may refuse tokens until they look again') }).optional(),
  answer: { status: 201, description: 'The new key', body: signingKey },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/signing-keys/:kid',
  access: adminDeployment('signing-keys:write'),
  summary: 'Take away a key that does not sign any more, with every token that it signed',
  params: z.object({ kid: z.string() }),
  answer: { status: 204, description: 'Its tokens are refused here within seconds, and elsewhere once copies of the key set are renewed' },
  failures: { 404: 'There is no such key.', 409: 'The key signs.' },
});

@Controller()
export class SigningKeysRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ requestId }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { keys } = await this.rpc.call(identity.describeSigningKeys, {}, { requestId });
    return { signing_keys: keys.map(toSigningKey) };
  }

  @Serves(rotate)
  async rotate({ body, caller, context }: RouteCall<typeof rotate>): Promise<z.output<typeof signingKey>> {
    return toSigningKey(await this.rpc.call(identity.rotateSigningKey, { immediately: body?.immediately ?? false, actor: caller.actor }, context));
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<void> {
    if (!z.uuid().safeParse(params.kid).success) throw identity.identityErrors.failure('signing-key-not-found', 'There is no such signing key.');
    await this.rpc.call(identity.removeSigningKey, { kid: params.kid, actor: caller.actor }, context);
  }
}

function toSigningKey({ kid, algorithm, state, createdAt, activeFrom }: identity.SigningKey): z.output<typeof signingKey> {
  return { kid, algorithm, state, created_at: createdAt, active_from: activeFrom };
}
