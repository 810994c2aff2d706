import { defineErrors } from '#libs/platform/errors';

export const membershipErrors = defineErrors({
  'organisation-not-found': 'not-found',
  'project-not-found': 'not-found',
  'team-not-found': 'not-found',
  'slug-taken': 'conflict',
  'slug-reserved': 'invalid',
  'role-unknown': 'invalid',
  'team-name-taken': 'conflict',
  'user-not-found': 'not-found',
  'last-org-admin': 'conflict',
  'deployment-claimed': 'conflict',
  'organisation-in-use': 'conflict',
  'team-in-use': 'conflict',
  'project-in-use': 'conflict',
  'metadata-too-large': 'invalid',
  'invalid-cursor': 'invalid',
});
