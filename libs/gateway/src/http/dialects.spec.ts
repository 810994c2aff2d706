import { describe, expect, it } from '@jest/globals';
import { surfaceOfPath } from './dialects.js';

describe('the surface of a path that no route took', () => {
  it.each([
    ['/v1/users/x/y', undefined, 'engagement'],
    ['/v1/erasures', undefined, 'engagement'],
    ['/users', 'Basic abc', 'engagement'],
    ['/users', 'Bearer abc', 'environment'],
    ['/v1/demo-app/users', undefined, 'environment'],
    ['/delete-users', undefined, 'environment'],
    ['/oauth2/token', undefined, 'oauth'],
    ['/demo-app/users/1?x=1', undefined, 'project'],
    ['/v1/admin/users', undefined, 'admin'],
    ['/v1/auth/login', undefined, 'admin'],
    ['/v1/auth/users', undefined, 'admin'],
    ['/v1/oauth2/delete-users', undefined, 'admin'],
    ['/nowhere', undefined, 'deployment'],
  ])('%s with %s is %s', (url, authorization, surface) => {
    expect(surfaceOfPath(url, authorization)).toBe(surface);
  });
});
