import { profiles } from '#libs/contracts';
import { checkAttributes } from '../users/check-patch.js';
import type { UserRecord } from '../users/user-record.js';
import { mergeActivity } from './merge-activity.js';

/** What is of the user alone, and never handed on. */
const own: ReadonlySet<string> = new Set(['realmId', 'userId', 'externalId', 'createdAt', 'createdBy', 'modifiedAt', 'modifiedBy', 'version', 'firstSeenAt', 'lastSeenAt', 'activity', 'attributes', 'devices', 'preferences', 'preferencesUpdatedAt', 'isAccount']);

/**
 * The destination with what it lacked and the source had. Touches neither.
 * @returns the merged user, whose version is not raised yet, and the names of what it gained
 * @throws Failure `invalid-profile` when the attributes of both together become too large
 */
export function mergeRecords(source: UserRecord, destination: UserRecord): { user: UserRecord; facts: string[] } {
  const facts = Object.keys(source).filter((field) => !own.has(field) && destination[field as keyof UserRecord] === null && source[field as keyof UserRecord] !== null);
  const gained = Object.fromEntries(facts.map((field) => [field, source[field as keyof UserRecord]])) as Partial<UserRecord>;
  const user: UserRecord = { ...destination, ...gained, firstSeenAt: earlier(source.firstSeenAt, destination.firstSeenAt), lastSeenAt: later(source.lastSeenAt, destination.lastSeenAt), activity: mergeActivity(source.activity, destination.activity) };

  // Of somebody who never told a preference; the rest of two would be nobody's will.
  if (destination.preferencesUpdatedAt === null && source.preferencesUpdatedAt !== null) {
    user.preferences = source.preferences;
    user.preferencesUpdatedAt = source.preferencesUpdatedAt;
    facts.push('preferences');
  }

  const lacked = Object.entries(source.attributes).filter(([key]) => !Object.hasOwn(destination.attributes, key));
  if (lacked.length > 0) {
    user.attributes = Object.fromEntries([...Object.entries(destination.attributes), ...lacked]);
    checkAttributes(user.attributes);
    facts.push(...lacked.map(([key]) => `attributes.${key}`));
  }

  const tokens = new Set(destination.devices.map(({ token }) => token));
  const devices = [...destination.devices, ...source.devices.filter(({ token }) => !tokens.has(token))].slice(0, profiles.profileLimits.devices);
  if (devices.length > destination.devices.length) {
    user.devices = devices;
    facts.push('devices');
  }
  return { user, facts };
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return Date.parse(one) < Date.parse(other) ? one : other;
}

function later(one: string | null, other: string | null): string | null {
  return one !== null && earlier(one, other) === one ? (other ?? one) : one ?? other;
}
