import { defineErrors } from '#libs/platform/errors';

export const operationsErrors = defineErrors({
  'job-not-found': 'not-found',
  'receipt-not-found': 'not-found',
  'invalid-cursor': 'invalid',
});
