import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { realmId } from '../values.js';
import { profile } from './user.messages.js';

/**
 * The users whose home is the realm, the one who came last first. The order is that of insertion and never changes, so
 * that a walk by cursors, either way, misses nobody who stays and shows nobody twice.
 */
export const listUsersByInsertion = defineMessage({
  subject: 'profiles.user.list-by-insertion',
  request: z.object({
    realmId,
    /** Only users with this email, in any case. */
    email: z.string().max(320).optional(),
    limit: z.number().int().min(1).max(100),
    /** `nextCursor` of a page: the page after it. */
    after: z.string().max(512).optional(),
    /** `previousCursor` of a page: the page before it. Not both. */
    before: z.string().max(512).optional(),
  }),
  response: z.object({ users: z.array(profile), nextCursor: z.string().nullable(), previousCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});
