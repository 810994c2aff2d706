import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId } from '../values.js';

/**
 * Takes a user's login away for as long as they are deleted, and gives it back as it was. Meanwhile a login is answered as
 * one of nobody, their sessions have ended, and nobody else can take their names. Repeating it changes nothing; who can't log in needs none.
 * Of staff, membership is asked whether that is so still, and its answer is what holds.
 */
export const suspendLogin = defineMessage({
  subject: 'identity.login.suspend',
  request: z.object({ realmId, userId: id, suspended: z.boolean() }),
  response: z.object({}),
});
