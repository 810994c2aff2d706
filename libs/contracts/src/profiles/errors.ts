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
});
