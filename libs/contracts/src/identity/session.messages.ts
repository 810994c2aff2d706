import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId } from '../values.js';
import { issuedTokens } from './login.messages.js';

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
  response: z.object({ active: z.boolean() }),
});

/** Rotates a refresh token. The spent one presented again within 10 s gets the same child; later it ends the session. */
export const refreshSession = defineMessage({
  subject: 'identity.session.refresh',
  request: z.object({ realmId, refreshToken: z.string().max(512) }),
  response: issuedTokens,
  errors: ['refresh-token-invalid'],
});

/** Ends the session of a refresh token. Unknown tokens are no error: there is nothing to end. */
export const endSession = defineMessage({
  subject: 'identity.session.end',
  request: z.object({ realmId, refreshToken: z.string().max(512) }),
  response: z.object({}),
});
