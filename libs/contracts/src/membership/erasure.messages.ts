import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId, tableCounts } from '../values.js';

/** Takes the users out of every list and access decision. Idempotent. */
export const hideMembers = defineMessage({
  subject: 'membership.user.hide',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  /** `organisationIds`: of staff, where they belong, or belonged last; until they are erased. */
  response: z.object({ hidden: z.number().int(), organisationIds: z.array(id) }),
});

/** Erases what membership holds about the users. Idempotent. */
export const eraseMembers = defineMessage({
  subject: 'membership.user.erase',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ erased: tableCounts }),
  deadlineMs: 60_000,
});

export const countMemberRemains = defineMessage({
  subject: 'membership.user.count-remains',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ remains: tableCounts }),
  deadlineMs: 60_000,
});
