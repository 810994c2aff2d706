import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { realmId } from '../values.js';

/** Whether a realm has users: `hasUsers` does not count those who are being erased, `holdsUsers` does. */
export const describeRealm = defineMessage({
  subject: 'profiles.realm.describe',
  request: z.object({ realmId }),
  response: z.object({ hasUsers: z.boolean(), holdsUsers: z.boolean() }),
});
