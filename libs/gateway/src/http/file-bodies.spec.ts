import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { pause } from '#libs/platform/testing';
import { isFailure } from '#libs/platform/errors';
import { readFile, useFileBodies } from './file-bodies.js';

const idleMs = 300;
const server = fastify({ requestTimeout: 0, forceCloseConnections: true });
let finished: (string | number)[] = [];

beforeAll(async () => {
  useFileBodies(server, { bodyWithinMs: 300, lingerMs: 100 });
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const takesFile = { config: { rollcallRoute: { file: {} } } };
  server.post('/file', takesFile, async ({ body }, reply) => {
    let bytes = 0;
    try {
      for await (const part of readFile(body as Readable, idleMs)) bytes += part.length;
      finished.push(bytes);
      return { bytes };
    } catch (error) {
      finished.push(isFailure(error) ? error.value.code : 'cut off');
      return reply.status(400).send({ refused: true });
    }
  });
  server.post('/refused', takesFile, (_request, reply) => reply.status(413).send({ refused: true }));
  server.post('/body', ({ body }) => ({ body }));
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

/** A request whose sender takes its time. @returns what is answered, and whether the connection is over */
async function send(path: string, type: string, length: number): Promise<{ socket: Socket; answer: () => string; over: Promise<void> }> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part)).on('error', () => undefined);
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`);
  return { socket, answer: () => text, over };
}

describe('bodies that come slowly', () => {
  it('are taken however long they take, where they are files that go on', async () => {
    finished = [];
    const { socket, answer } = await send('/file', 'application/x-ndjson', 12);
    for (let line = 0; line < 6; line += 1) {
      await pause(100);
      socket.write('{}');
    }
    while (!answer().includes('"bytes":12')) await pause(10);
    expect(finished).toEqual([12]);
    socket.destroy();
  });

  it('are refused where they are files that stand still', async () => {
    finished = [];
    const { socket, answer, over } = await send('/file', 'text/csv', 1_000);
    socket.write('id\n');
    await over;
    expect([finished, answer()]).toEqual([['malformed-request'], expect.stringContaining('400 Bad Request')]);
  });

  it('are malformed where their sender went away: that is no failure of ours', async () => {
    finished = [];
    const { socket } = await send('/file', 'text/csv', 1_000);
    socket.write('id\n');
    await pause(20);
    socket.destroy();
    while (finished.length === 0) await pause(10);
    expect(finished).toEqual(['malformed-request']);
  });

  it('end the connection when they were refused and still come', async () => {
    const { socket, answer, over } = await send('/refused', 'application/x-ndjson', 1_000_000_000);
    const sending = setInterval(() => socket.write(Buffer.alloc(1_000)), 10);
    await over;
    clearInterval(sending);
    expect(answer()).toContain('413');
  });

  it.each(['application/json', 'application/x-ndjson'])('have one time for all of it where they are no files: %s', async (type) => {
    const { socket, answer, over } = await send('/body', type, 1_000);
    const sending = setInterval(() => socket.write(' '), 50);
    await over;
    clearInterval(sending);
    expect(answer()).toMatch(/^HTTP\/1\.1 (408|415|500)/);
  });
});
