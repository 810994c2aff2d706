import { z } from 'zod';
import type { FailureValue } from '#libs/platform/errors';
import { commonHeaders, statusOf, type Dialect } from '../../http/dialect.js';
import { failureDetails, failureMessage } from '../../http/failure.wire.js';

const failureObject = z.object({ error: failureMessage, details: failureDetails.optional() });

/** Surface B: `error` is one sentence, because the vendor's clients throw it as a message; always JSON. */
export const engagementDialect: Dialect = {
  surface: 'engagement',
  failure: { name: 'EngagementFailure', mediaType: 'application/json', schema: failureObject },
  render(failure: FailureValue) {
    return {
      status: statusOf(failure.kind),
      contentType: 'application/json; charset=utf-8',
      body: { error: failure.message, ...(failure.details === undefined ? {} : { details: failure.details }) },
      headers: commonHeaders(failure, 'Basic realm="rollcall", charset="UTF-8"'),
    };
  },
};
