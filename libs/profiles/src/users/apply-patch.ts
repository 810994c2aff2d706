import { isDeepStrictEqual } from 'node:util';
import { profiles } from '#libs/contracts';
import { checkAttributes, checkPreferences } from './check-patch.js';
import { followName } from './names.js';
import type { UserRecord } from './user-record.js';

const texts = ['displayName', 'firstName', 'lastName', 'email', 'phone', 'notes', 'city', 'country', 'region', 'timezone'] as const;

export interface Change {
  /** The user as the patch leaves it; its version is not raised yet. */
  user: UserRecord;
  /** Names of what changed: `email`, `attributes.plan`. Empty: nothing did. */
  facts: string[];
}

/**
 * Merges a checked patch into a user. Touches neither.
 * @param at the time of the change
 * @throws Failure `invalid-profile` when the attributes or the preferences altogether become too large
 */
export function applyPatch(user: UserRecord, given: profiles.ProfilePatch, at: string): Change {
  const patch = followName(user, given);
  const changed: UserRecord = { ...user };
  const facts: string[] = [];
  for (const field of texts) {
    const value = patch[field];
    if (value === undefined || value === user[field]) continue;
    changed[field] = value;
    facts.push(field);
  }
  if (typeof patch.createdAt === 'string' && patch.createdAt !== user.createdAt) {
    changed.createdAt = patch.createdAt;
    facts.push('createdAt');
  }
  if (patch.attributes !== undefined) facts.push(...mergeAttributes(changed, patch.attributes));
  if (patch.preferences !== undefined && mergePreferences(changed, patch.preferences, at)) facts.push('preferences');
  if (patch.device !== undefined && addDevice(changed, patch.device)) facts.push('devices');
  if (patch.isAccount !== undefined && patch.isAccount !== user.isAccount) {
    changed.isAccount = patch.isAccount;
    facts.push('isAccount');
  }
  return { user: changed, facts };
}

// By way of a Map and `fromEntries`, because on a plain object `__proto__` would be no key like the others.
function mergeAttributes(user: UserRecord, patch: NonNullable<profiles.ProfilePatch['attributes']>): string[] {
  const merged = new Map(Object.entries(user.attributes));
  const facts: string[] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (value === null ? !merged.has(key) : merged.get(key) === value) continue;
    if (value === null) merged.delete(key);
    else merged.set(key, value);
    facts.push(`attributes.${key}`);
  }
  if (facts.length === 0) return facts;
  user.attributes = Object.fromEntries(merged);
  checkAttributes(user.attributes);
  return facts;
}

function mergePreferences(user: UserRecord, patch: NonNullable<profiles.ProfilePatch['preferences']>, at: string): boolean {
  const merged = new Map(Object.entries(user.preferences));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  const preferences = Object.fromEntries(merged);
  if (isDeepStrictEqual(preferences, user.preferences)) return false;
  checkPreferences(preferences);
  user.preferences = preferences;
  user.preferencesUpdatedAt = at;
  return true;
}

/** A known token moves to the front. */
function addDevice(user: UserRecord, device: NonNullable<profiles.ProfilePatch['device']>): boolean {
  const [front] = user.devices;
  if (front?.token === device.token && front.platform === device.platform) return false;
  user.devices = [device, ...user.devices.filter(({ token }) => token !== device.token)].slice(0, profiles.profileLimits.devices);
  return true;
}
