import type { FailureValue } from '#libs/platform/errors';
import { commonHeaders, statusOf, type Dialect } from '../../http/dialect.js';

/** Surface A: everything about the failure under `error`. */
export const environmentDialect: Dialect = {
  surface: 'environment',
  render({ code, message, details, ...failure }: FailureValue, requestId: string) {
    return {
      status: statusOf(failure.kind),
      contentType: 'application/json; charset=utf-8',
      body: { error: { code, message, details: details ?? [], request_id: requestId } },
      headers: commonHeaders({ code, message, ...failure }, 'Bearer realm="rollcall"'),
    };
  },
};
