import { z } from 'zod';
import { scalar, type profiles } from '#libs/contracts';

/** The end user, as they see themselves. */
export const endUserObject = z.object({
  id: z.string().describe('The application’s id of the user'),
  created: z.string(),
  profile: z.record(z.string(), scalar),
});
export type EndUserObject = z.output<typeof endUserObject>;

export function toEndUserObject(user: profiles.Profile): EndUserObject {
  const name = user.displayName ?? [user.firstName, user.lastName].filter(Boolean).join(' ');
  const standard = { name, email: user.email, phone: user.phone, first_seen_at: user.firstSeenAt, last_seen_at: user.lastSeenAt };
  const set = Object.entries(standard).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '');
  return { id: user.uid, created: user.createdAt, profile: { ...Object.fromEntries(set), ...user.attributes } };
}
