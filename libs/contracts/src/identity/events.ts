import { z } from 'zod';
import { defineEvent } from '#libs/platform/messages';
import { id, realmId } from '../values.js';

/** What identity says of users' logins changed: holders of a copy that is older than `version` ask for it. */
export const loginChanged = defineEvent({
  type: 'identity.login.changed',
  data: z.object({ realmId, userId: id, version: z.number().int(), facts: z.array(z.string()) }),
});

export const credentialRevoked = defineEvent({
  type: 'identity.credential.revoked',
  data: z.object({ credentialId: id }),
});
