import { Problem, problemOf, unreachable } from './problem.js';
import { session } from './session.js';

export type Query = Record<string, string | number | boolean | undefined | null>;

interface Request {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** The same for each try of one action of the user, so that it happens once. */
  idempotencyKey?: string;
}

export const api = {
  get: <Answer>(path: string, request: Request = {}) => send<Answer>('GET', path, request),
  post: <Answer>(path: string, request: Request = {}) => send<Answer>('POST', path, request),
  put: <Answer>(path: string, request: Request = {}) => send<Answer>('PUT', path, request),
  patch: <Answer>(path: string, request: Request = {}) => send<Answer>('PATCH', path, request),
  delete: <Answer = undefined>(path: string, request: Request = {}) => send<Answer>('DELETE', path, request),
};

/** Erases, and says which job does it. */
export async function erase(path: string): Promise<string | null> {
  const response = await withToken('DELETE', path, {});
  if (!response.ok) throw await problemOf(response);
  return response.headers.get('x-rollcall-job-id');
}

/** Without a session: what links in mails lead to. */
export async function postOpenly<Answer>(path: string, body: unknown): Promise<Answer> {
  return read<Answer>(await ask('POST', path, { body }));
}

/** A file, saved by the browser under its own name. */
export async function download(path: string, name: string, query: Query = {}): Promise<void> {
  const response = await withToken('GET', path, { query });
  if (!response.ok) throw await problemOf(response);
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

async function send<Answer>(method: string, path: string, request: Request): Promise<Answer> {
  return read<Answer>(await withToken(method, path, request));
}

async function withToken(method: string, path: string, request: Request): Promise<Response> {
  const token = await session.token();
  const response = await ask(method, path, request, token);
  return response.status === 401 ? ask(method, path, request, await session.tokenAfter(token)) : response;
}

function ask(method: string, path: string, { query = {}, body, signal, idempotencyKey }: Request, token?: string): Promise<Response> {
  const parameters = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined || value === null || value === '' ? [] : [[name, String(value)]])));
  const search = parameters.size === 0 ? '' : `?${parameters.toString()}`;
  if (!leadsHere(path)) return Promise.reject(new Problem(404, 'not-found', 'There is no such thing here.'));
  return fetch(`${path}${search}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
    credentials: 'omit',
  }).catch((error: unknown) => {
    throw error instanceof DOMException && error.name === 'AbortError' ? error : unreachable();
  });
}

/** Whether the path is asked for as it stands, of Rollcall: neither another host's (`//host/…`) nor one that `..` leads out of. The token goes along. */
function leadsHere(path: string): boolean {
  const { origin, pathname } = new URL(path, location.origin);
  return origin === location.origin && pathname === path;
}

async function read<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}
