import { z } from 'zod';
import { profiles, scalar } from '#libs/contracts';

/** What end users' own requests tell of what they use. */
const usedFields = ['last_browser', 'last_android_device', 'last_ios_device', ...['browser', 'android', 'ios'].flatMap((platform) => [`last_${platform}_seen_at`, `last_${platform}_sdk_version`])];

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
    first_seen_at: z.string().optional().describe('Time of the earliest event or request of their own'),
    last_seen_at: z.string().optional().describe('Time of the latest event or request of their own'),
    last_browser: z.string().optional().describe('What they last used, by their own requests; likewise last_android_device, last_ios_device, last_…_seen_at, last_…_sdk_version'),
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

/** What of a user's attributes and activity this surface shows. */
export interface Shown {
  declared: ReadonlySet<string>;
  marked: readonly string[];
}

/** @param shown names of the project's custom fields, and of the events that it marked */
export function shownFields({ declared, marked }: { declared: readonly string[]; marked: readonly string[] }): Shown {
  return { declared: new Set(declared), marked };
}

export function toCustomer(user: profiles.Profile, shown: Shown): CustomerObject {
  const { timezone, notificationsEnabled } = user.preferences;
  return {
    id: user.uid,
    // Who never said otherwise is notified.
    preferences: { timezone: typeof timezone === 'string' ? timezone : null, notificationsEnabled: notificationsEnabled !== false },
    preferencesUpdated: user.preferencesUpdatedAt,
    created: user.createdAt,
    profile: toProfileObject(user, shown),
    segments: Object.fromEntries(user.segments.map(({ id, suppressed }) => [id, { active: !suppressed }])),
  };
}

export function toWrittenCustomer(user: profiles.Profile, shown: Shown): WrittenCustomer {
  return { id: user.uid, profile: toProfileObject(user, shown) };
}

function toProfileObject(user: profiles.Profile, { declared, marked }: Shown): ProfileObject {
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
  const activity = [...usedFields, ...marked.flatMap(profiles.activityFieldsOf)].flatMap((field): [string, string][] => (user.activity[field] === undefined ? [] : [[field, user.activity[field]]]));
  const custom = Object.entries(user.attributes).filter(([name]) => declared.has(name));
  return Object.fromEntries([...set, ...activity, ...custom]) as ProfileObject;
}
