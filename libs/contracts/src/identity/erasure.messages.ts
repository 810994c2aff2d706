import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId, tableCounts } from '../values.js';

/** Refuses the users' logins, ends their sessions and frees their names. Idempotent. */
export const hideLogins = defineMessage({
  subject: 'identity.user.hide',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ hidden: z.number().int() }),
});

/** Erases what identity holds about the users. Idempotent. */
export const eraseLogins = defineMessage({
  subject: 'identity.user.erase',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ erased: tableCounts }),
  deadlineMs: 60_000,
});

export const countLoginRemains = defineMessage({
  subject: 'identity.user.count-remains',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ remains: tableCounts }),
  deadlineMs: 60_000,
});
