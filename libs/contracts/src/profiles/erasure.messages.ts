import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, tableCounts } from '../values.js';
import { userAddress } from './user.messages.js';

/** Tombstones the users and hides them from every read, in one transaction. Asked again, it answers the same users for the same erasure. */
export const hideUsers = defineMessage({
  subject: 'profiles.user.hide',
  request: z.object({ realmId, erasureId: id, users: z.array(userAddress).min(1).max(1_000), requestedBy: z.string().max(64), requestedByType: actor.shape.type.default('credential') }),
  /** One answer per asked user, in order; `null` where there is none. */
  response: z.object({ userIds: z.array(id.nullable()) }),
});

/** Erases what profiles holds about the users. Idempotent. */
export const eraseProfile = defineMessage({
  subject: 'profiles.user.erase',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ erased: tableCounts }),
  deadlineMs: 60_000,
});

/** Counts what profiles still holds about the users. */
export const countProfileRemains = defineMessage({
  subject: 'profiles.user.count-remains',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ remains: tableCounts }),
  deadlineMs: 60_000,
});
