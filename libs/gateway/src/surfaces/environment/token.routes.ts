import { Controller, Header } from '@nestjs/common';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { anyone } from '../../access/access-rule.js';
import { basicCredentials } from '../../access/authorization-header.js';
import { httpErrors } from '../../http/http-errors.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';

const issueToken = route({
  surface: 'oauth',
  method: 'POST',
  path: '/oauth2/token',
  access: anyone,
  idempotencyKey: { ignored: 'the answer holds tokens, which are not kept' },
  summary: 'Exchange client credentials for an access token (RFC 6749, 4.4)',
  body: z.object({
    grant_type: z.string({ error: 'is required' }),
    client_id: z.string().max(256).optional(),
    client_secret: z.string().max(256).optional(),
  }),
  answer: {
    status: 200,
    description: 'The token',
    body: z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.number().int(), scope: z.string() }),
  },
  failures: { 401: 'The client id or the client secret is wrong.' },
});

@Controller()
export class TokenRoutes {
  constructor(private readonly rpc: RpcClient) {}

  /** The client's id and secret come in the body, as form or JSON, or by HTTP Basic. */
  @Header('cache-control', 'no-store')
  @Serves(issueToken)
  async issue({ body, requestId, http }: RouteCall<typeof issueToken>): Promise<z.output<typeof issueToken.answer.body>> {
    if (body.grant_type !== 'client_credentials') throw httpErrors.failure('unsupported-grant-type', 'grant_type must be client_credentials.');
    const basic = basicCredentials(http.headers.authorization);
    const clientId = basic?.user ?? body.client_id;
    const clientSecret = basic?.password ?? body.client_secret;
    if (clientId === undefined || clientSecret === undefined) throw httpErrors.failure('invalid-client', 'Send client_id and client_secret, in the body or by HTTP Basic.');
    const { accessToken, expiresIn, scope } = await this.rpc.call(identity.grantClientToken, { clientId, clientSecret }, { requestId });
    return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, scope };
  }
}
