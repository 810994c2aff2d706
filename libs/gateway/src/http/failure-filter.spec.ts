import type { AddressInfo } from 'node:net';
import type { ArgumentsHost } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { LogRecorder } from '#libs/platform/testing';
import { setCaller } from '../access/caller.js';
import { Dialects } from './dialects.js';
import { FailureFilter } from './failure-filter.js';
import { httpErrors } from './http-errors.js';
import { problemDetails } from './problem-details.js';
import { RouteTable } from './route-table.js';
import type { Route } from './route.js';

const log = new LogRecorder();
let server: FastifyInstance;

beforeAll(async () => {
  server = fastify({ forceCloseConnections: true });
  const filter = new FailureFilter(new Dialects([problemDetails('admin', 'Bearer')]), new RouteTable(), log.logger);
  server.setErrorHandler((error, request, reply) => {
    filter.catch(error, { switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }) } as unknown as ArgumentsHost);
    return reply;
  });
  const path = '/things/:code';
  server.get<{ Params: { code: 'permission-missing' } }>(path, { config: { rollcallRoute: { surface: 'admin', method: 'GET', path } as Route } }, async (request) => {
    setCaller(request, { actor: { type: 'user', id: 'ada' } });
    throw httpErrors.failure(request.params.code, 'A sentence about canary@example.com.');
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

it('a refused request leaves a line of who was refused what, and one that is wrong or brings no credentials leaves none', async () => {
  const ask = (code: string) => fetch(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}/things/${code}?email=canary`);
  for (const code of ['permission-missing', 'credentials-invalid', 'credentials-missing', 'malformed-request']) await ask(code);
  const lines = log.records.filter(({ msg }) => msg === 'a request was refused');
  expect(lines).toMatchObject(['permission-missing', 'credentials-invalid'].map((code) => ({ level: 30, code, method: 'GET', route: '/things/:code', actor: { type: 'user', id: 'ada' }, requestId: expect.any(String) })));
  expect(log.text).not.toContain('canary');
  for (let time = 0; time < 20; time += 1) await ask('permission-missing');
  expect(log.records.filter(({ msg }) => msg === 'a request was refused')).toHaveLength(11);
});
