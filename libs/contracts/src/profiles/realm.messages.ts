import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { realmId } from '../values.js';

/** Whether a realm has users, those who are being erased not counted: who deletes a project asks it. */
export const describeRealm = defineMessage({
  subject: 'profiles.realm.describe',
  request: z.object({ realmId }),
  response: z.object({ hasUsers: z.boolean() }),
});
