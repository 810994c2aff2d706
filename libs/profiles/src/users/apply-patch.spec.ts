import { describe, expect, it } from '@jest/globals';
import { isFailure } from '#libs/platform/errors';
import { applyPatch } from './apply-patch.js';
import { checkPatch } from './check-patch.js';
import type { UserRecord } from './user-record.js';

const now = '2026-02-03T04:05:06.007Z';
const user: UserRecord = {
  realmId: 'r', userId: 'u', externalId: 'uid', displayName: null, firstName: 'Akin', lastName: null, email: 'a@example.com', phone: null, notes: null,
  city: null, country: null, region: null, timezone: null, preferences: {}, preferencesUpdatedAt: null,
  attributes: { plan: 'pro', age: 34 }, devices: [], isAccount: false, createdAt: '2026-01-01T00:00:00.000Z', createdBy: 'x', modifiedAt: '2026-01-01T00:00:00.000Z', modifiedBy: 'x',
  firstSeenAt: null, lastSeenAt: null, activity: {}, version: 3,
};

/** The details a check complains of. */
function mistakes(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (isFailure(error, 'invalid-profile')) return (error.value.details ?? []).map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('a patch', () => {
  it('leaves what is absent, clears what is null, and names what changed', () => {
    const { user: changed, facts } = applyPatch(user, { firstName: null, lastName: 'Jinadu', email: 'a@example.com', attributes: { age: 35, plan: null, city: null, note: '' } }, now);
    expect(changed).toEqual({ ...user, firstName: null, lastName: 'Jinadu', attributes: { age: 35, note: '' } });
    expect(facts).toEqual(['firstName', 'lastName', 'attributes.age', 'attributes.plan', 'attributes.note']);
  });

  it('touches neither the user nor itself', () => {
    const before = structuredClone(user);
    applyPatch(user, { attributes: { plan: null }, device: { token: 't', platform: 'ios' } }, now);
    expect(user).toEqual(before);
  });

  it('changes nothing when it says what is so already', () => {
    const { facts } = applyPatch(user, { firstName: 'Akin', phone: null, createdAt: null, attributes: { plan: 'pro', gone: null } }, now);
    expect(facts).toEqual([]);
  });

  it('tells values of different types apart', () => {
    expect(applyPatch(user, { attributes: { age: '34' } }, now).facts).toEqual(['attributes.age']);
  });

  it('keeps keys that mean something to JavaScript', () => {
    const odd = JSON.parse('{"__proto__": "p", "constructor": 1, "toString": true, "": "empty"}') as Record<string, string>;
    const { user: changed } = applyPatch(user, { attributes: odd }, now);
    expect(JSON.parse(JSON.stringify(changed.attributes))).toEqual(JSON.parse('{"plan":"pro","age":34,"__proto__":"p","constructor":1,"toString":true,"":"empty"}'));
    expect(Object.getPrototypeOf(changed.attributes)).toBe(Object.prototype);
  });

  it('keeps the last five devices, newest first, a known one moved to the front', () => {
    let devices = user;
    for (const token of ['1', '2', '3', '4', '5', '6', '4']) devices = applyPatch(devices, { device: { token, platform: 'android' } }, now).user;
    expect(devices.devices.map(({ token }) => token)).toEqual(['4', '6', '5', '3', '2']);
    expect(applyPatch(devices, { device: { token: '4', platform: 'android' } }, now).facts).toEqual([]);
    expect(applyPatch(devices, { device: { token: '4', platform: 'ios' } }, now).user.devices).toHaveLength(5);
  });

  it('may not make the attributes too many or too large', () => {
    const keys = (count: number) => Object.fromEntries([...Array(count).keys()].map((key) => [`k${key}`, true]));
    expect(mistakes(() => applyPatch(user, { attributes: keys(998) }, now))).toEqual([]);
    expect(mistakes(() => applyPatch(user, { attributes: keys(999) }, now))).toEqual(['attributes']);
    const large = Object.fromEntries([...Array(8).keys()].map((key) => [`k${key}`, 'x'.repeat(8_180)]));
    expect(mistakes(() => applyPatch({ ...user, attributes: {} }, { attributes: large }, now))).toEqual([]);
    expect(mistakes(() => applyPatch({ ...user, attributes: {} }, { attributes: { ...large, more: 'x'.repeat(200) } }, now))).toEqual(['attributes']);
  });
});

describe('the check of a patch', () => {
  it('names every mistake and its place', () => {
    const patch = { firstName: 'a\0b', email: '\ud800', attributes: { email: 'x', last_seen_at: null, 'k\0': 1, nul: '\0', long: 'x'.repeat(8 * 1024) }, device: { token: '', platform: 'ios' as const }, createdAt: '0000-01-01T00:00:00Z' };
    expect(mistakes(() => checkPatch('u\0', patch))).toEqual([
      'externalId', 'firstName', 'email', 'attributes.email', 'attributes.last_seen_at', 'attributes.k\0', 'attributes.nul', 'attributes.long', 'device.token', 'createdAt',
    ]);
  });

  it('measures a value in bytes of its JSON', () => {
    expect(mistakes(() => checkPatch('u', { attributes: { a: 'x'.repeat(8 * 1024 - 2), b: '\u{1F600}'.repeat(2_047) } }))).toEqual([]);
    expect(mistakes(() => checkPatch('u', { attributes: { a: 'x'.repeat(8 * 1024 - 1), b: '\u{1F600}'.repeat(2_048) } }))).toEqual(['attributes.a', 'attributes.b']);
  });

  it('takes an empty email for none, and times in milliseconds', () => {
    expect(checkPatch('u', { email: '', createdAt: '2021-01-12T05:24:39.0629Z' })).toEqual({ email: null, createdAt: '2021-01-12T05:24:39.062Z' });
  });

  it('accepts whole surrogate pairs and every other character', () => {
    expect(mistakes(() => checkPatch('ü', { firstName: '\u{1F600}\u0001\uffff', attributes: { '\u{1F600}': '\u2028' } }))).toEqual([]);
  });
});
