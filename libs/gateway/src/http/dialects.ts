import type { FastifyRequest } from 'fastify';
import { membership } from '#libs/contracts';
import type { Dialect, SurfaceName } from './dialect.js';
import type { Route } from './route.js';

/** Finds the dialect of a request, also of one that no route took: there the path decides. */
export class Dialects {
  private readonly bySurface: ReadonlyMap<SurfaceName, Dialect>;

  constructor(dialects: readonly Dialect[]) {
    this.bySurface = new Map(dialects.map((dialect) => [dialect.surface, dialect]));
  }

  ofSurface(surface: SurfaceName): Dialect {
    return this.bySurface.get(surface) as Dialect;
  }

  of(request: FastifyRequest): Dialect {
    const { rollcallRoute } = request.routeOptions?.config as { rollcallRoute?: Route };
    return rollcallRoute === undefined ? this.ofPath(request) : this.ofSurface(rollcallRoute.surface);
  }

  ofPath({ url, headers }: Pick<FastifyRequest, 'url' | 'headers'>): Dialect {
    return this.ofSurface(surfaceOfPath(url, headers.authorization));
  }
}

/** Which surface a path belongs to, whether anything is served there or not. */
export function surfaceOfPath(url: string, authorization: string | undefined): SurfaceName {
  const [first = '', second = '', third = ''] = (url.split('?', 1)[0] ?? '').split('/').slice(1);
  if (first === 'v1') {
    if (second === 'users' || second === 'erasures') return 'engagement';
    if (membership.reservedSlugs.has(second)) return 'admin';
    return third === 'users' || third === 'delete-users' ? 'environment' : 'admin';
  }
  if (first === 'users') return authorization?.startsWith('Basic ') === true ? 'engagement' : 'environment';
  if (first === 'oauth2') return 'oauth';
  if (first === 'delete-users') return 'environment';
  return second === 'users' || second === 'roles' ? 'project' : 'deployment';
}
