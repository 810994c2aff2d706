import { describe, expect, it } from '@jest/globals';
import { profiles } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import { mapClaims, refusedClaims, toPatch } from './claims.js';

const mapping = { n: 'name', m: 'email', ph: 'phone', plan: 'plan', score: 'score', ext: 'external_id' };

describe('claims of a token', () => {
  it('become a patch of the fields that they are mapped to', () => {
    const { taken, skipped } = mapClaims(mapping, { sub: 'u', n: 'Sam', m: 'sam@example.com', ph: '', plan: 'pro', score: 0, ext: 'u', other: 1 });
    expect([toPatch(taken), skipped]).toEqual([{ displayName: 'Sam', email: 'sam@example.com', phone: '', attributes: { plan: 'pro', score: 0 } }, []]);
  });

  it('that are absent or null are nothing', () => {
    expect(mapClaims(mapping, { sub: 'u', n: null, plan: undefined })).toEqual({ taken: [], skipped: [] });
    // What every object inherits is no claim.
    expect(mapClaims({ toString: 'plan', constructor: 'score' }, { sub: 'u' })).toEqual({ taken: [], skipped: [] });
  });

  it('are skipped where no profile can take them', () => {
    const { taken, skipped } = mapClaims(mapping, { sub: 'u', n: 7, m: 'nobody', ph: true, plan: ['a'], score: { a: 1 }, ext: 'v' });
    expect([taken, skipped]).toEqual([[], ['n', 'm', 'ph', 'plan', 'score', 'ext']]);
  });

  it('may be called what code would trip over', () => {
    const { taken } = mapClaims(JSON.parse('{"a":"__proto__","b":"constructor"}') as Record<string, string>, { a: 1, b: 2 });
    expect(JSON.stringify(toPatch(taken))).toBe('{"attributes":{"__proto__":1,"constructor":2}}');
  });
});

describe('the claims that a refusal is about', () => {
  const { taken } = mapClaims(mapping, { sub: 'u', n: 'Sam', m: 'sam@example.com', plan: 'pro', score: 1 });
  const named = (error: unknown) => refusedClaims(error, taken).map(({ claim }) => claim);
  const refusal = (...paths: string[]) => profiles.profilesErrors.failure('invalid-profile', 'No.', { details: paths.map((path) => ({ path, message: 'no' })) });

  it.each([
    [['users[0].patch.attributes.plan'], ['plan']],
    [['users[0].patch.displayName', 'users[0].patch.attributes.score'], ['n', 'score']],
    [['users[0].patch.attributes'], ['plan', 'score']],
    [['users[0].patch.phone'], []],
    [['users[0].externalId'], []],
  ])('at %j are %j', (paths, claims) => {
    expect(named(refusal(...paths))).toEqual(claims);
  });

  it('are found where the message itself was malformed, and where an email is another’s login', () => {
    expect(named(platformErrors.failure('invalid-request', 'No.', { details: [{ path: 'users.0.patch.displayName', message: 'too long' }] }))).toEqual(['n']);
    expect(named(profiles.profilesErrors.failure('email-taken', 'No.'))).toEqual(['m']);
  });

  it('are none where it is about something else', () => {
    expect(named(profiles.profilesErrors.failure('user-erased', 'No.'))).toEqual([]);
    expect(named(new Error('attributes.plan'))).toEqual([]);
  });
});
