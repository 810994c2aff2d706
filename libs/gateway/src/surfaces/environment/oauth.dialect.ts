import { z } from 'zod';
import type { FailureValue } from '#libs/platform/errors';
import { commonHeaders, statusOf, type Dialect } from '../../http/dialect.js';
import { failureMessage } from '../../http/failure.wire.js';

const failureObject = z.object({ error: z.enum(['invalid_client', 'invalid_request', 'server_error', 'temporarily_unavailable', 'unsupported_grant_type']), error_description: failureMessage });

/** RFC 6749, 5.2: the token endpoint's errors, which every OAuth client library expects. */
export const oauthDialect: Dialect = {
  surface: 'oauth',
  failure: { name: 'OAuthFailure', mediaType: 'application/json', schema: failureObject },
  render(failure: FailureValue) {
    return {
      status: statusOf(failure.kind),
      contentType: 'application/json; charset=utf-8',
      body: { error: oauthError(failure), error_description: failure.message },
      headers: { ...commonHeaders(failure, 'Basic realm="rollcall"'), 'cache-control': 'no-store' },
    };
  },
};

function oauthError(failure: FailureValue): string {
  switch (failure.code) {
    case 'invalid-client':
      return 'invalid_client';
    case 'unsupported-grant-type':
      return 'unsupported_grant_type';
    default:
      return failure.kind === 'unavailable' ? 'temporarily_unavailable' : failure.kind === 'internal' ? 'server_error' : 'invalid_request';
  }
}
