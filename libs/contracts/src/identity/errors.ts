import { defineErrors } from '#libs/platform/errors';

export const identityErrors = defineErrors({
  'invalid-credentials': 'unauthenticated',
  'user-inactive': 'forbidden',
  'invalid-client': 'unauthenticated',
  'credential-unknown': 'unauthenticated',
  'credential-not-found': 'not-found',
  'session-ended': 'unauthenticated',
  'session-not-found': 'not-found',
  'refresh-token-invalid': 'unauthenticated',
  'too-many-attempts': 'too-many',
  'password-refused': 'invalid',
  'hash-refused': 'invalid',
  'email-missing': 'conflict',
  'email-taken': 'conflict',
  'user-name-taken': 'conflict',
  'login-name-missing': 'invalid',
  'user-not-found': 'not-found',
  'invalid-cursor': 'invalid',
  'sdk-key-refused': 'invalid',
  'sdk-key-not-found': 'not-found',
  'hashing-overloaded': 'unavailable',
});
