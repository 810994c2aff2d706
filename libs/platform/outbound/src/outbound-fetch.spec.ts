import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isInside } from './inside-addresses.js';
import { checkOutboundAddress, OutboundRefused, outboundFetch } from './outbound-fetch.js';

const limits = { timeoutMs: 10_000, maxBytes: 1_000 };

describe('addresses inside', () => {
  it.each(['127.0.0.1', '127.9.9.9', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '255.255.255.255', '::1', '::', '[::1]', 'fe80::1%eth0', 'fd00::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', '::ffff:0:7f00:1', '::ffff:0:127.0.0.1', '5f00::1', '3fff::1', '2002:7f00:1::', 'localhost', ''])('are told: %j', (address) => {
    expect(isInside(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('are told from those outside: %s', (address) => {
    expect(isInside(address)).toBe(false);
  });
});

describe('asking an address that a user entered', () => {
  let server: Server;
  let port: number;
  let asked = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked += 1;
      if (request.url === '/moved') return response.writeHead(302, { location: '/' }).end();
      if (request.url === '/long') return response.end('x'.repeat(2_000));
      if (request.url === '/slow') return undefined;
      if (request.url === '/slowly') return response.writeHead(200).write('x');
      return response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] }).end(JSON.stringify({ method: request.method, accept: request.headers.accept }));
    });
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each([
    ['this host by its address', () => `https://127.0.0.1:${port}/`],
    ['this host by a name that resolves to it', () => `https://localhost:${port}/`],
    ['this host in other spellings of its address', () => `https://2130706433:${port}/`],
    ['a private network', () => 'https://[fd00::1]/'],
    ['plain HTTP', () => 'http://example.com/'],
    ['another protocol', () => 'file:///etc/passwd'],
    ['an address with a password', () => 'https://user:password@example.com/'],
  ])('refuses %s, and sends nothing there', async (_what, address) => {
    const before = asked;
    await expect(outboundFetch(address(), limits)).rejects.toBeInstanceOf(OutboundRefused);
    expect(asked).toBe(before);
  });

  it('reaches addresses inside where that is allowed, and answers as fetch does', async () => {
    const answer = await outboundFetch(`http://localhost:${port}/`, { ...limits, allowInside: true, method: 'PUT', headers: { accept: 'text/x' } });
    expect([answer.status, answer.headers.getSetCookie(), await answer.json()]).toEqual([200, ['a=1', 'b=2'], { method: 'PUT', accept: 'text/x' }]);
  });

  it('does not follow redirects', async () => {
    expect((await outboundFetch(`http://127.0.0.1:${port}/moved`, { ...limits, allowInside: true })).status).toBe(302);
  });

  it('gives up an answer that is too long, or that does not come', async () => {
    await expect(outboundFetch(`http://127.0.0.1:${port}/long`, { ...limits, allowInside: true })).rejects.toThrow('longer than 1000 bytes');
    for (const path of ['slow', 'slowly']) await expect(outboundFetch(`http://127.0.0.1:${port}/${path}`, { ...limits, timeoutMs: 200, allowInside: true })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('does not wait for ever for one that changes to another protocol', async () => {
    await expect(outboundFetch(`http://127.0.0.1:${port}/`, { ...limits, allowInside: true, headers: { connection: 'upgrade', upgrade: 'x' } })).rejects.toThrow('without an answer');
  });

  it('reads no more of an answer than it is told to, where that is enough', async () => {
    const answer = await outboundFetch(`http://127.0.0.1:${port}/long`, { ...limits, maxBytes: 10, cutsAnswer: true, allowInside: true });
    expect([answer.status, (await answer.text()).length]).toEqual([200, 0]);
  });

  it('refuses a name that leads outside when it is entered, and inside when it is asked', async () => {
    const answers = ['93.184.215.14', '127.0.0.1'];
    const resolve = (_host: string, _options: object, answer: (error: null, addresses: { address: string; family: number }[]) => void) => answer(null, [{ address: answers.shift()!, family: 4 }]);
    const address = `https://rebinding.example:${port}/`;
    const before = asked;
    await checkOutboundAddress(address, { resolve });
    await expect(outboundFetch(address, { ...limits, resolve })).rejects.toBeInstanceOf(OutboundRefused);
    expect([asked, answers]).toEqual([before, []]);
    answers.push('10.0.0.1');
    await expect(checkOutboundAddress(address, { resolve })).rejects.toBeInstanceOf(OutboundRefused);
    await checkOutboundAddress('https://nobody.invalid/', { resolve: (_host, _options, answer) => answer(new Error('ENOTFOUND'), []) });
  });
});
