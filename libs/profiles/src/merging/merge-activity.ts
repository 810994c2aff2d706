import type { profiles } from '#libs/contracts';

type Activity = profiles.Profile['activity'];

const platforms = ['browser', 'android', 'ios'] as const;
const isTime = /^(?:first|last)_.+_at$/s;

/** The activity of two users who become one: of each event and platform the first and the last time; of each platform what was used last. */
export function mergeActivity(source: Activity, destination: Activity): Activity {
  const merged: Activity = { ...source, ...destination };
  for (const [field, time] of Object.entries(source)) {
    const other = destination[field];
    if (other === undefined || !isTime.test(field)) continue;
    merged[field] = time < other === field.startsWith('first_') ? time : other;
  }
  for (const platform of platforms) {
    const seen = `last_${platform}_seen_at`;
    const [latest, before] = (source[seen] ?? '') > (destination[seen] ?? '') ? [source, destination] : [destination, source];
    for (const field of [platform === 'browser' ? 'last_browser' : `last_${platform}_device`, `last_${platform}_sdk_version`]) {
      const value = latest[field] ?? before[field];
      if (value !== undefined) merged[field] = value;
    }
  }
  return merged;
}
