import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { onCleanUp, pause, testFolder } from '#libs/platform/testing';
import { Api } from './api.js';
import { runCli } from './cli.js';
import type { Terminal } from './command.js';
import { CredentialsFile, type Credentials } from './credentials.js';

const seconds = () => Math.floor(Date.now() / 1_000);
const sessionOf = (whose: string, expiresIn = 0) => ({ accessToken: `${whose}-access`, refreshToken: `${whose}-refresh`, expiresAt: seconds() + expiresIn });

describe('a session that is renewed', () => {
  let url: string;
  let terminal: Terminal;
  let file: CredentialsFile;
  let said: string;
  let seen: { path: string; body: string; authorization: string | undefined }[];
  /** What is done about a refresh, in place of an answer at once. */
  let onRefresh: ((answer: () => void) => void) | undefined;

  const tokens = (whose: string) => JSON.stringify({ access_token: `${whose}-access`, refresh_token: `${whose}-refresh`, expires_in: 600 });
  const answerOf = (path: string, body: string): string => (path === '/v1/auth/refresh' ? tokens(`${(JSON.parse(body) as { refresh_token: string }).refresh_token}-again`) : path === '/v1/auth/login' ? tokens('new') : '{}');
  const refreshes = () => seen.filter(({ path }) => path === '/v1/auth/refresh').map(({ body }) => body);

  beforeEach(async () => {
    seen = [];
    onRefresh = undefined;
    said = '';
    const server = createServer((request, response: ServerResponse) => {
      void text(request).then((body) => {
        const path = request.url!;
        seen.push({ path, body, authorization: request.headers.authorization });
        const answer = () => void (path === '/v1/auth/logout' ? response.writeHead(204).end() : response.setHeader('content-type', 'application/json').end(answerOf(path, body)));
        if (path === '/v1/auth/refresh' && onRefresh !== undefined) onRefresh(answer);
        else answer();
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onCleanUp(async () => {
      server.closeAllConnections();
      server.close();
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    terminal = { stdin: Readable.from(['password\n']), out: (part) => void (said += String(part)), err: (part) => void (said += part), isWatched: false, environment: { XDG_CONFIG_HOME: await testFolder('cli') } as Terminal['environment'] };
    file = new CredentialsFile(terminal);
  });
  afterEach(() => void jest.restoreAllMocks());

  /** A command that has begun as somebody whose access token ends soon. */
  async function begun(): Promise<Api> {
    await file.write({ url, login: 'first', session: sessionOf('ours') });
    return Api.open({}, terminal);
  }

  /** Lets a renewal begin, and leaves it without an answer until the caller gives one. */
  async function renewing(api: Api): Promise<{ answer: () => void; asked: Promise<unknown> }> {
    const answer = new Promise<() => void>((resolve) => (onRefresh = resolve));
    const asked = api.json('GET', '/anything');
    return { answer: await answer, asked };
  }

  it.each<[string, () => Credentials | undefined]>([
    ['at another server', () => ({ url: 'http://other.example', login: 'second', session: sessionOf('theirs') })],
    ['at another server, with what is valid for long', () => ({ url: 'http://other.example', login: 'second', session: sessionOf('theirs', 600) })],
    ['at the same server as somebody else', () => ({ url, login: 'second', session: sessionOf('theirs') })],
    ['at the same server as somebody else, with what is valid for long', () => ({ url, login: 'second', session: sessionOf('theirs', 600) })],
    ['with an API key', () => ({ url, login: 'second', apiKey: 'key' })],
    ['out', () => undefined],
  ])('stays that of who began the command, and is not kept, when somebody logs in meanwhile: %s', async (_where, kept) => {
    const api = await begun();
    const next = kept();
    await (next === undefined ? file.remove() : file.write(next));
    await api.json('GET', '/anything');
    expect(refreshes()).toEqual(['{"refresh_token":"ours-refresh"}']);
    expect(seen.at(-1)!.authorization).toBe('Bearer ours-refresh-again-access');
    expect(await file.read()).toEqual(next);
  });

  it('is kept with the login that it belongs to, and taken by a command that comes second', async () => {
    const [first, second] = [await begun(), await Api.open({}, terminal)];
    await Promise.all([first.json('GET', '/anything'), second.json('GET', '/anything')]);
    expect(refreshes()).toEqual(['{"refresh_token":"ours-refresh"}']);
    expect(await file.read()).toMatchObject({ url, login: 'first', session: { refreshToken: 'ours-refresh-again-refresh' } });
  });

  it('is kept before a login, and not written over it', async () => {
    const { answer, asked } = await renewing(await begun());
    const login = runCli(['login', '--url', url, '--email', 'ada@example.com'], terminal);
    await pause(150);
    answer();
    await asked;
    expect([await login, said]).toEqual([0, `Logged in at ${url}.\n`]);
    const kept = await file.read();
    expect(kept).toMatchObject({ url, login: expect.stringMatching(/^[\da-f-]{36}$/), session: { refreshToken: 'new-refresh' } });
    expect(kept!.login).not.toBe('first');
  });

  it('ends with a logout that comes while it is renewed, and nothing is left of it', async () => {
    const { answer, asked } = await renewing(await begun());
    const logout = runCli(['logout'], terminal);
    await pause(150);
    answer();
    await asked;
    expect([await logout, said]).toEqual([0, 'Logged out.\n']);
    expect(await file.read()).toBeUndefined();
    expect(seen.find(({ path }) => path === '/v1/auth/logout')?.body).toBe('{"refresh_token":"ours-refresh-again-refresh"}');
  });

  it('is given up before another command takes the file for left behind', async () => {
    const api = await begun();
    onRefresh = () => undefined;
    const limit = AbortSignal.timeout.bind(AbortSignal);
    const limits: number[] = [];
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      limits.push(ms);
      return limit(50);
    });
    await expect(api.json('GET', '/anything')).rejects.toMatchObject({ exitCode: 5 });
    expect(Math.min(...limits)).toBeLessThan(60_000);
    expect(await file.read()).toMatchObject({ login: 'first', session: { refreshToken: 'ours-refresh' } });
  });
});
