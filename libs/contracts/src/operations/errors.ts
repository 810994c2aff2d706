import { defineErrors } from '#libs/platform/errors';

export const operationsErrors = defineErrors({
  'job-not-found': 'not-found',
  'receipt-not-found': 'not-found',
  'invalid-cursor': 'invalid',
  'feed-position-expired': 'gone',
  'feed-position-unknown': 'invalid',
});
