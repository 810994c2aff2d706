import type { z } from 'zod';
import type { FailureKind, FailureValue } from '#libs/platform/errors';

export type SurfaceName = 'environment' | 'engagement' | 'project' | 'admin' | 'deployment' | 'oauth';

export interface RenderedFailure {
  status: number;
  contentType: string;
  body: unknown;
  headers?: Record<string, string>;
}

/** How a surface says that something went wrong. */
export interface Dialect {
  readonly surface: SurfaceName;
  /** How its failures are called in the API reference, their media type and what they look like. */
  readonly failure: { readonly name: string; readonly mediaType: string; readonly schema: z.ZodType };
  render(failure: FailureValue, requestId: string): RenderedFailure;
}

/** The HTTP status of each kind of failure; a dialect departs from it only where its vendor does. */
export function statusOf(kind: FailureKind): number {
  switch (kind) {
    case 'invalid':
      return 400;
    case 'unauthenticated':
      return 401;
    case 'forbidden':
      return 403;
    case 'not-found':
      return 404;
    case 'method-not-allowed':
      return 405;
    case 'conflict':
      return 409;
    case 'gone':
      return 410;
    case 'too-large':
      return 413;
    case 'unsupported-media-type':
      return 415;
    case 'unprocessable':
      return 422;
    case 'too-many':
      return 429;
    case 'internal':
      return 500;
    case 'unavailable':
      return 503;
  }
}

/** Headers that say the same on every surface. */
export function commonHeaders(failure: FailureValue, challenge: string): Record<string, string> {
  return {
    ...(failure.kind === 'unauthenticated' ? { 'www-authenticate': challenge } : {}),
    ...(failure.retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(failure.retryAfter))) }),
  };
}
