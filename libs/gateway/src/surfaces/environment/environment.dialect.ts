import { z } from 'zod';
import type { FailureValue } from '#libs/platform/errors';
import { commonHeaders, statusOf, type Dialect } from '../../http/dialect.js';
import { errorCode, failedRequestId, failureDetails, failureMessage } from '../../http/failure.wire.js';

const failureObject = z.object({ error: z.object({ code: errorCode, message: failureMessage, details: failureDetails, request_id: failedRequestId }) });

/** Surface A: everything about the failure under `error`. */
export const environmentDialect: Dialect = {
  surface: 'environment',
  failure: { name: 'EnvironmentFailure', mediaType: 'application/json', schema: failureObject },
  render({ code, message, details, ...failure }: FailureValue, requestId: string) {
    return {
      status: statusOf(failure.kind),
      contentType: 'application/json; charset=utf-8',
      body: { error: { code, message, details: details ?? [], request_id: requestId } },
      headers: commonHeaders({ code, message, ...failure }, 'Bearer realm="rollcall"'),
    };
  },
};
