import { z } from 'zod';
import { defineEvent } from '#libs/platform/messages';
import { mailRequest } from '../mail/mail.js';
import { id, realmId } from '../values.js';

/**
 * What identity says of users' logins changed: holders of a copy that is older than `version` ask for it. `unlisted`: of a login that is new
 * and says nothing that a copy shows, since it has neither a user name nor a password; nobody need ask for it.
 */
export const loginChanged = defineEvent({
  type: 'identity.login.changed',
  data: z.object({ realmId, userId: id, version: z.number().int(), facts: z.array(z.string()), unlisted: z.literal(true).optional() }),
});

/**
 * Sessions of a user have ended, and their tokens are refused. `reason`: `logged-out` with a refresh token, `revoked` from a list of
 * sessions, `token-reused`: a spent refresh token was shown again. A changed password, a closed account and an erasure, which end them all, are events of their own.
 */
export const sessionsEnded = defineEvent({
  type: 'identity.sessions.ended',
  data: z.object({ realmId, userId: id, sessionIds: z.array(id).min(1), reason: z.enum(['logged-out', 'revoked', 'token-reused']) }),
});

export const credentialRevoked = defineEvent({
  type: 'identity.credential.revoked',
  data: z.object({ credentialId: id }),
});

export const credentialCreated = defineEvent({
  type: 'identity.credential.created',
  data: z.object({ credentialId: id, kind: z.string() }),
});

/** The key of an SDK key or its mapping of claims was set, or replaced. */
export const sdkKeyChanged = defineEvent({
  type: 'identity.sdk-key.changed',
  data: z.object({ projectId: id, sdkKeyId: id, version: z.number().int() }),
});

export const sdkKeyRemoved = defineEvent({
  type: 'identity.sdk-key.removed',
  data: z.object({ projectId: id, sdkKeyId: id }),
});

/** How an organisation's people log in at their own provider was set, or replaced. */
export const ssoConnectionChanged = defineEvent({
  type: 'identity.sso-connection.changed',
  data: z.object({ organisationId: id, version: z.number().int() }),
});

export const ssoConnectionRemoved = defineEvent({
  type: 'identity.sso-connection.removed',
  data: z.object({ organisationId: id }),
});
/** A mail is to be sent: the workers ask `identity.mail.get` for it. */
export const mailRequested = defineEvent({ type: 'identity.mail.requested', data: mailRequest });
