import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { realmId } from '../values.js';

const day = z.iso.date();

/** How often somebody logged in to a realm on each day (UTC), and how often it was refused. Days without are left out. */
export const countLoginDays = defineMessage({
  subject: 'identity.login.count-days',
  /** Both inclusive. */
  request: z.object({ realmId, from: day, to: day }),
  response: z.object({ days: z.array(z.object({ day, logins: z.number().int(), refused: z.number().int() })) }),
});
