import { STATUS_CODES } from 'node:http';
import type { FailureValue } from '#libs/platform/errors';
import { commonHeaders, statusOf, type Dialect, type RenderedFailure, type SurfaceName } from './dialect.js';

/**
 * RFC 9457: what surfaces C and D answer. `type` names the error code under the documentation, `code` repeats it for
 * programs, `errors` lists each wrong field.
 */
export function problemDetails(surface: SurfaceName, challenge: string): Dialect {
  return {
    surface,
    render(failure: FailureValue, requestId: string): RenderedFailure {
      const status = statusOf(failure.kind);
      return {
        status,
        contentType: 'application/problem+json',
        body: {
          type: `/docs/errors/${failure.code}`,
          title: STATUS_CODES[status],
          status,
          detail: failure.message,
          code: failure.code,
          ...(failure.details === undefined ? {} : { errors: failure.details }),
          request_id: requestId,
        },
        headers: commonHeaders(failure, challenge),
      };
    },
  };
}
