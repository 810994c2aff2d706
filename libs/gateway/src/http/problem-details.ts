import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { FailureValue } from '#libs/platform/errors';
import { commonHeaders, statusOf, type Dialect, type RenderedFailure, type SurfaceName } from './dialect.js';
import { errorCode, failedRequestId, failureDetails, failureMessage } from './failure.wire.js';

const problem = z.object({
  type: z.string().max(128).regex(/^\/docs\/errors\/[a-z-]+$/).describe('The page about the code'),
  title: z.string().max(64).describe('The name of the status'),
  status: z.number().int().min(400).max(599),
  detail: failureMessage,
  code: errorCode,
  errors: failureDetails.optional(),
  request_id: failedRequestId,
});

/**
 * RFC 9457: what surfaces C and D answer. `type` names the error code under the documentation, `code` repeats it for
 * programs, `errors` lists each wrong field.
 */
export function problemDetails(surface: SurfaceName, challenge: string): Dialect {
  return {
    surface,
    failure: { name: 'Problem', mediaType: 'application/problem+json', schema: problem },
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
