import { createHash } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { anyone } from '../access/access-rule.js';
import { RecentAnswers } from '../access/recent-answers.js';
import { route, type RouteCall } from './route.js';
import { Serves } from './serves.js';

const keySetHeaders = ['Cache-Control', 'ETag', 'Access-Control-Allow-Origin'] as const;

const keySet = route({
  surface: 'deployment',
  method: 'GET',
  path: '/.well-known/jwks.json',
  access: anyone,
  summary: 'The public keys that access tokens are signed with (RFC 7517)',
  answer: { status: 200, description: 'The keys; a new one is published before it signs', body: z.object({ keys: z.array(z.record(z.string(), z.string())) }), headers: keySetHeaders },
  otherAnswers: { 304: { description: 'You have them already (`If-None-Match`)', headers: keySetHeaders } },
});

/** Seconds for which a copy is good: a third of the time for which a key is published before it signs. */
const maxAge = 300;

@Controller()
export class KeySetRoutes {
  private readonly keys: RecentAnswers<Record<string, string>[]>;

  constructor(rpc: RpcClient) {
    this.keys = new RecentAnswers(async (_, requestId) => (await rpc.call(identity.listSigningKeys, {}, { requestId })).keys);
  }

  @Serves(keySet)
  async get({ http, reply, requestId }: RouteCall<typeof keySet>): Promise<z.output<typeof keySet.answer.body>> {
    const keys = await this.keys.get('', requestId);
    const tag = `"${createHash('sha256').update(JSON.stringify(keys)).digest('base64url').slice(0, 22)}"`;
    // Web applications may read it from anywhere: there is nothing in it that is not public.
    void reply.header('cache-control', `public, max-age=${maxAge}`).header('etag', tag).header('access-control-allow-origin', '*');
    if (http.headers['if-none-match'] === tag) void reply.status(304);
    return { keys };
  }
}
