import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { realmId } from '../values.js';

const day = z.iso.date();

/**
 * How many users a realm had at the end of each day (UTC), how many of them did something for the first time that day, and how many
 * events of that day were stored. Days of which nothing is known are left out. Counted as it happens, and kept apart from what it
 * counts: events that grow old, and users who are erased, stay in the figures of days gone by.
 */
export const countRealmDays = defineMessage({
  subject: 'profiles.realm.count-days',
  /** Both inclusive. */
  request: z.object({ realmId, from: day, to: day }),
  /** `users` of a day null: nobody counted them that day. */
  response: z.object({ users: z.number().int(), days: z.array(z.object({ day, users: z.number().int().nullable(), activeUsers: z.number().int(), events: z.number().int() })) }),
});
