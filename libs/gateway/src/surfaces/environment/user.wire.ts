import { z } from 'zod';
import { scalar, type profiles } from '#libs/contracts';

/** Standard and activity fields by name, and every declared custom field that is set. */
const profileObject = z
  .object({
    name: z.string().optional().describe('As it was given, else first and last name'),
    email: z.string().describe('Empty: none'),
    phone: z.string().optional(),
    city: z.string().optional(),
    country: z.string().optional(),
    region: z.string().optional(),
    timezone: z.string().optional(),
    first_seen_at: z.string().optional().describe('Time of the earliest event'),
    last_seen_at: z.string().optional().describe('Time of the latest event'),
  })
  .catchall(scalar);
export type ProfileObject = z.output<typeof profileObject>;

export const customerObject = z.object({
  id: z.string().describe('Your id of the customer'),
  preferences: z.object({ timezone: z.string().nullable(), notificationsEnabled: z.boolean() }),
  preferencesUpdated: z.string().nullable(),
  created: z.string(),
  profile: profileObject,
  segments: z.record(z.string(), z.object({ active: z.boolean() })),
});
export type CustomerObject = z.output<typeof customerObject>;

/** What a write answers. */
export const writtenCustomer = z.object({ id: z.string(), profile: profileObject });
export type WrittenCustomer = z.output<typeof writtenCustomer>;

/** @param declared names of the project's custom fields */
export function toCustomer(user: profiles.Profile, declared: ReadonlySet<string>): CustomerObject {
  const { timezone, notificationsEnabled } = user.preferences;
  return {
    id: user.uid,
    // Who never said otherwise is notified.
    preferences: { timezone: typeof timezone === 'string' ? timezone : null, notificationsEnabled: notificationsEnabled !== false },
    preferencesUpdated: user.preferencesUpdatedAt,
    created: user.createdAt,
    profile: toProfileObject(user, declared),
    segments: Object.fromEntries(user.segments.map(({ id, suppressed }) => [id, { active: !suppressed }])),
  };
}

export function toWrittenCustomer(user: profiles.Profile, declared: ReadonlySet<string>): WrittenCustomer {
  return { id: user.uid, profile: toProfileObject(user, declared) };
}

function toProfileObject(user: profiles.Profile, declared: ReadonlySet<string>): ProfileObject {
  const joined = [user.firstName, user.lastName].filter((part) => part !== null && part !== '').join(' ');
  const standard = {
    name: user.displayName ?? (joined === '' ? null : joined),
    email: user.email ?? '',
    phone: user.phone,
    city: user.city,
    country: user.country,
    region: user.region,
    timezone: user.timezone,
    first_seen_at: user.firstSeenAt,
    last_seen_at: user.lastSeenAt,
  };
  const set = Object.entries(standard).filter(([, value]) => value !== null);
  const custom = Object.entries(user.attributes).filter(([name]) => declared.has(name));
  return Object.fromEntries([...set, ...custom]) as ProfileObject;
}
