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
  'role-not-found': 'not-found',
  'role-built-in': 'conflict',
  'role-reserved': 'invalid',
  'role-held': 'conflict',
  'role-limit': 'conflict',
  'role-implied': 'conflict',
  'permission-not-held': 'forbidden',
});
