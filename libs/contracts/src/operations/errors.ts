import { defineErrors } from '#libs/platform/errors';

export const operationsErrors = defineErrors({
  'job-not-found': 'not-found',
  'receipt-not-found': 'not-found',
  'invalid-cursor': 'invalid',
  'feed-position-expired': 'gone',
  'feed-position-unknown': 'invalid',
  'webhook-not-found': 'not-found',
  'webhook-url-refused': 'invalid',
  'too-many-webhooks': 'conflict',
  'delivery-not-found': 'not-found',
  'replay-too-large': 'invalid',
  'import-not-found': 'not-found',
  'import-not-open': 'conflict',
  'import-finished': 'conflict',
  'import-too-large': 'too-large',
  'import-file-refused': 'invalid',
  'too-many-imports': 'conflict',
  'imports-full': 'unavailable',
});
