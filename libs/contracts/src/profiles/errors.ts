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
  'invalid-field': 'invalid',
  'field-not-found': 'not-found',
  'field-conflict': 'conflict',
  'field-busy': 'unavailable',
  'segment-not-found': 'not-found',
});
