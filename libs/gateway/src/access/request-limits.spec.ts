import { beforeAll, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import type { Actor } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { LimitsModule } from '#libs/platform/limits';
import { onCleanUp, testApp } from '#libs/platform/testing';
import { gatewayConfig } from '../gateway.config.js';
import type { Route } from '../http/route.js';
import { RequestLimits } from './request-limits.js';

let server: FastifyInstance;

beforeAll(async () => {
  const app = await testApp({ imports: [LimitsModule.register('memory')], providers: [RequestLimits], configs: [gatewayConfig], environment: { RATE_LIMIT_PER_CALLER: '2', RATE_LIMIT_PER_ADDRESS: '3' } });
  const limits = app.get(RequestLimits);
  server = fastify({ trustProxy: true });
  server.get('/caller/:id', async (request, reply) => {
    const actor = { type: 'credential', id: (request.params as { id: string }).id } as Actor;
    const { uid } = request.query as { uid?: string };
    await limits.countCaller(uid === undefined ? { actor } : ({ actor, token: { uid } } as never), undefined, reply);
    return {};
  });
  server.get('/stranger/:surface', async (request, reply) => {
    await limits.countStranger({ surface: (request.params as { surface: string }).surface } as Route, request, reply);
    return {};
  });
  server.setErrorHandler((error, _request, reply) => reply.status(isFailure(error, 'too-many-requests') ? 429 : 500).send());
  onCleanUp(() => server.close());
});

async function statuses(url: string, times: number, address = '192.0.2.1'): Promise<number[]> {
  const answers: number[] = [];
  for (let turn = 0; turn < times; turn += 1) answers.push((await server.inject({ url, headers: { 'x-forwarded-for': address } })).statusCode);
  return answers;
}

describe('the limits that an operator sets', () => {
  it('hold for each caller, whatever the others do', async () => {
    expect(await statuses('/caller/one', 3)).toEqual([200, 200, 429]);
    expect(await statuses('/caller/two', 1)).toEqual([200]);
  });

  it('hold for each end user, though one key signed all their tokens', async () => {
    expect(await statuses('/caller/key?uid=ada', 3)).toEqual([200, 200, 429]);
    expect(await statuses('/caller/key?uid=ida', 1)).toEqual([200]);
  });

  it('hold for each address of strangers, and not for health, documentation and the key set', async () => {
    expect(await statuses('/stranger/admin', 4)).toEqual([200, 200, 200, 429]);
    expect(await statuses('/stranger/engagement', 1)).toEqual([429]);
    expect(await statuses('/stranger/engagement', 1, '192.0.2.2')).toEqual([200]);
    // Whoever has one host of a /64 has all of them.
    expect((await Promise.all([1, 2, 3, 4].map((host) => statuses('/stranger/admin', 1, `2001:db8::${host}`)))).flat().sort()).toEqual([200, 200, 200, 429]);
    expect(await statuses('/stranger/admin', 1, '2001:db8:0:1::1')).toEqual([200]);
    expect(await statuses('/stranger/deployment', 5)).toEqual([200, 200, 200, 200, 200]);
  });
});
