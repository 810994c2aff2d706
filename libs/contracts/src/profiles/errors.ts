import { defineErrors } from '#libs/platform/errors';

export const profilesErrors = defineErrors({
  'user-not-found': 'not-found',
  'user-erased': 'gone',
  'email-change-forbidden': 'unauthenticated',
  'invalid-profile': 'invalid',
  'invalid-event': 'invalid',
  'invalid-cursor': 'invalid',
  'email-taken': 'conflict',
  'uid-taken': 'conflict',
  'uid-mismatch': 'invalid',
  'account-change-forbidden': 'unauthenticated',
  'account-not-found': 'invalid',
  'account-is-user': 'invalid',
  'not-in-account': 'not-found',
  'merge-same-user': 'invalid',
  'merge-source-logs-in': 'conflict',
  'invalid-field': 'invalid',
  'field-not-found': 'not-found',
  'field-conflict': 'conflict',
  'field-busy': 'unavailable',
  'segment-not-found': 'not-found',
});
