import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';
import { issuedTokens } from './login.messages.js';

/** A key that access tokens are signed with. `next`: published, so that verifiers know it before it is used; `retired`: verifies what it signed. */
export const signingKey = z.object({ kid: z.string(), algorithm: z.string(), state: z.enum(['next', 'signing', 'retired']), createdAt: timestamp, activeFrom: timestamp });
export type SigningKey = z.output<typeof signingKey>;

/** The signing keys as those see them who run the deployment, newest first. */
export const describeSigningKeys = defineMessage({
  subject: 'identity.signing-key.list',
  request: z.object({}),
  response: z.object({ keys: z.array(signingKey) }),
});

/**
 * Makes a new signing key. It signs after a quarter of an hour, when verifiers have seen it, or at once where `immediately` is
 * asked for. The present one goes on verifying until the last token that it signed has expired.
 */
export const rotateSigningKey = defineMessage({
  subject: 'identity.signing-key.rotate',
  request: z.object({ immediately: z.boolean(), actor }),
  response: signingKey,
});

/** Takes away a key that does not sign any more, and with it every token that it signed: it was stolen. */
export const removeSigningKey = defineMessage({
  subject: 'identity.signing-key.remove',
  request: z.object({ kid: id, actor }),
  response: z.object({}),
  errors: ['signing-key-not-found', 'signing-key-in-use'],
});

/** The public signing keys (RFC 7517) that access tokens may be signed with, for verifiers. */
export const listSigningKeys = defineMessage({
  subject: 'identity.token.list-keys',
  request: z.object({}),
  response: z.object({ issuer: z.string(), keys: z.array(z.record(z.string(), z.string())) }),
});

/** Whether a session goes on: what issued access tokens depend on. Ended sessions and unknown ones are alike. */
export const checkSession = defineMessage({
  subject: 'identity.session.check',
  request: z.object({ sessionId: id }),
  /** `forSeconds`: how long that will be true if nobody ends it before; 0 when it is not active. */
  response: z.object({ active: z.boolean(), forSeconds: z.number() }),
});

/**
 * Which sessions were ended since the last question, by any of logging out, revoking, a changed password, a closed account or an
 * erasure. Gateways remember for a while that a session goes on, and ask this several times a second.
 */
export const pollRevocations = defineMessage({
  subject: 'identity.revocation.poll',
  /** `next` of the answer before; null: there is none. */
  request: z.object({ since: z.number().int().nullable() }),
  response: z.object({
    next: z.number().int(),
    /** Some may have been told before. */
    sessionIds: z.array(id),
    /** Everything that is remembered is to be forgotten: there are too many to tell, or nobody knows any more. */
    reset: z.boolean(),
    /** Another text than before: the signing keys are others. */
    keys: z.string(),
  }),
});

/** Rotates a refresh token. The spent one presented again within 10 s gets the same child; later it ends the session. */
export const refreshSession = defineMessage({
  subject: 'identity.session.refresh',
  request: z.object({
    realmId,
    refreshToken: z.string().max(512),
    /** Where the session is used now, for the list of sessions; null: as before. Not logged. */
    address: z.string().max(64).nullable().default(null),
    userAgent: z.string().max(512).nullable().default(null),
  }),
  response: issuedTokens,
  errors: ['refresh-token-invalid'],
});

/** Ends the session of a refresh token. Unknown tokens are no error: there is nothing to end. */
export const endSession = defineMessage({
  subject: 'identity.session.end',
  request: z.object({ realmId, refreshToken: z.string().max(512) }),
  response: z.object({}),
});

/** A session as its user and administrators see it. Only sessions that go on are shown. */
export const session = z.object({
  sessionId: id,
  /** What the user agent says, for people: `Firefox on Linux`. Null where it says nothing that is known. */
  device: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** Of the last login or refresh. */
  address: z.string().nullable(),
  createdAt: timestamp,
  /** The last login or refresh; access tokens are used without it being noted. */
  lastUsedAt: timestamp,
  /** When it ends, unless it is used before (and at the latest, however much it is used). */
  expiresAt: timestamp,
});
export type Session = z.output<typeof session>;

/** The sessions of a user that go on, newest first. A user who is unknown has none. */
export const listSessions = defineMessage({
  subject: 'identity.session.list',
  request: z.object({ realmId, userId: id, limit: z.number().int().min(1).max(100).default(100), cursor: z.string().max(512).optional() }),
  response: z.object({ sessions: z.array(session), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});

/** Ends one session of a user, and with it the access tokens that were issued for it. */
export const endOneSession = defineMessage({
  subject: 'identity.session.end-one',
  request: z.object({ realmId, userId: id, sessionId: id, actor }),
  response: z.object({}),
  /** Also for one that has ended already, or is another user's. */
  errors: ['session-not-found'],
});

/** Ends all sessions of a user but `keepSessionId`. None to end is no error. */
export const endAllSessions = defineMessage({
  subject: 'identity.session.end-all',
  request: z.object({ realmId, userId: id, keepSessionId: id.nullable(), actor }),
  response: z.object({ ended: z.number().int() }),
});

/**
 * Ends the sessions of everybody in a realm: of a project's users, or of all staff. As many as there is time for: `more` says that others go on, which
 * the same again ends. Sessions that begin meanwhile may go on.
 */
export const endSessionsOfRealm = defineMessage({
  subject: 'identity.session.end-of-realm',
  request: z.object({ realmId, actor }),
  response: z.object({ ended: z.number().int(), more: z.boolean() }),
});
