import { STATUS_CODES } from 'node:http';
import type { AnswerHeader } from '../http/answer-headers.js';
import { pageProjectOf } from '../http/browser-pages.js';
import type { SurfaceName } from '../http/dialect.js';
import type { Route } from '../http/route.js';

/** What each status means where a route says nothing of its own about it. */
const meanings: Readonly<Record<number, string>> = {
  400: 'The request is malformed, or breaks a rule that it can be read about.',
  401: 'No valid credentials.',
  403: 'Not permitted.',
  404: 'There is no such project, organisation, team or thing, or none that you may know of.',
  409: 'A request with this `Idempotency-Key` is being answered.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body has a media type that is not taken.',
  422: 'The `Idempotency-Key` was used for another request.',
  429: 'Too many requests.',
  500: 'Something went wrong on our side.',
  503: 'A part that is needed is out of reach; trying again is harmless.',
};

/** The statuses of failure that an operation may answer, each with its meaning. */
export function failuresOf(route: Route, path: string): [status: number, description: string][] {
  const anyone = route.access.kind === 'anyone';
  const inPlace = path.includes('{') || route.access.kind === 'admin-place';
  const statuses = [
    400,
    ...(anyone ? [] : [401, 403]),
    ...(pageProjectOf(route) === undefined && !(anyone && path.includes('{project}')) ? [] : [403]),
    ...(inPlace ? [404] : []),
    ...(route.idempotencyKey === 'honoured' ? [409, 422] : []),
    ...(route.method === 'GET' ? [] : [413, 415]),
    ...(route.surface === 'deployment' ? [] : [429]),
    500,
    503,
  ];
  const own = route.failures ?? {};
  return [...new Set([...statuses, ...Object.keys(own).map(Number)])]
    .sort((one, other) => one - other)
    .map((status) => {
      const common = statuses.includes(status) ? meanings[status] : undefined;
      const said = own[status];
      // What happens with any key, or any place, happens besides what the route says.
      const both = said !== undefined && common !== undefined && [404, 409, 422].includes(status) ? `${said} Or: ${common.charAt(0).toLowerCase()}${common.slice(1)}` : undefined;
      return [status, both ?? said ?? common ?? STATUS_CODES[status] ?? ''];
    });
}

/** The headers of a failure, besides those of every answer of the route. */
export function failureHeadersOf(status: number, surface: SurfaceName): AnswerHeader[] {
  return [
    ...(status === 401 ? ['WWW-Authenticate' as const] : []),
    ...(status === 409 || status === 429 || status === 503 ? ['Retry-After' as const] : []),
    ...(surface === 'oauth' ? ['Cache-Control' as const] : []),
  ];
}
