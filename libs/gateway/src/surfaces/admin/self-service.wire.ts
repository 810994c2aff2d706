import { z } from 'zod';
import { storableText } from '#libs/contracts';

/** Somebody by their email. Without a project it is staff. */
export const linkRequest = z.strictObject({
  email: storableText.min(1).max(320),
  project: storableText.min(1).max(64).nullish().describe('Slug or id of the project whose user it is; absent: staff'),
});

/** One answer, whatever is done: it tells nobody who has an account. */
export const accepted = z.object({ status: z.literal('accepted') });
