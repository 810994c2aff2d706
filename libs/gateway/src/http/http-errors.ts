import { defineErrors } from '#libs/platform/errors';

/** What can be wrong with a request before any service has heard of it. */
export const httpErrors = defineErrors({
  'route-not-found': 'not-found',
  'method-not-allowed': 'method-not-allowed',
  'body-too-large': 'too-large',
  'unsupported-media-type': 'unsupported-media-type',
  'malformed-body': 'invalid',
  'malformed-url': 'invalid',
  'malformed-request': 'invalid',
  'credentials-missing': 'unauthenticated',
  'credentials-invalid': 'unauthenticated',
  'permission-missing': 'forbidden',
  'origin-not-allowed': 'forbidden',
  'cross-site-request': 'forbidden',
  'user-is-staff': 'forbidden',
  'project-not-found': 'not-found',
  'organisation-not-found': 'not-found',
  'team-not-found': 'not-found',
  'service-not-allowed': 'forbidden',
  'too-many-requests': 'too-many',
  'user-required': 'forbidden',
  'invalid-client': 'unauthenticated',
  'unsupported-grant-type': 'invalid',
});
