import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { emailText } from '../email-text.js';
import { id, realmId, storableText, timestamp } from '../values.js';

/** What users do about their own login: see docs/guides/passwords-and-email.md. */

const linkRequest = z.object({
  realmId,
  /** As somebody typed it: whether anybody has it is not told, by no answer and by no time that it takes. */
  email: storableText.max(320),
  /** The sender's network address, for throttling; not logged. */
  address: z.string().max(64).nullable(),
});

/** Mails a link to set a new password, if there is an active user with this login email. A newer link ends the older ones. */
export const forgetPassword = defineMessage({
  subject: 'identity.password.forgot',
  request: linkRequest,
  response: z.object({}),
  /** Too many requests from one network address, whomever they are about. */
  errors: ['too-many-attempts'],
});

/** Mails a link to confirm the login email, if an active user has it and has not confirmed it. */
export const sendEmailVerification = defineMessage({ subject: 'identity.email.verify', request: linkRequest, response: z.object({}), errors: ['too-many-attempts'] });

/** Sets a new password with the token of a mail, once. Ends all sessions; the user is told by mail. */
export const resetPassword = defineMessage({
  subject: 'identity.password.reset',
  request: z.object({ token: z.string().max(512), password: z.string().max(1_024) }),
  response: z.object({}),
  errors: ['token-invalid', 'password-refused', 'hashing-overloaded'],
});

/** Confirms a login email with the token of a mail, once; where it is a new one, it is the login email from then on. */
export const confirmEmail = defineMessage({
  subject: 'identity.email.confirm',
  request: z.object({ token: z.string().max(512) }),
  response: z.object({}),
  errors: ['token-invalid', 'email-taken'],
});

/** Changes the user's own password. Ends all sessions but the one it is done in; the user is told by mail. */
export const changeOwnPassword = defineMessage({
  subject: 'identity.password.change-own',
  request: z.object({ realmId, userId: id, sessionId: id, current: z.string().max(1_024), password: z.string().max(1_024) }),
  response: z.object({}),
  errors: ['password-wrong', 'too-many-attempts', 'password-refused', 'user-not-found', 'hashing-overloaded'],
});

/** Mails a link to the address that is to be the user's login email, and a notice to the present one. An address that is taken gets none. */
export const changeOwnEmail = defineMessage({
  subject: 'identity.email.change-own',
  request: z.object({ realmId, userId: id, email: emailText, password: z.string().max(1_024) }),
  response: z.object({}),
  errors: ['password-wrong', 'too-many-attempts', 'email-unchanged', 'user-not-found', 'hashing-overloaded'],
});

/** What identity knows of a user, for themselves. */
export const getOwnLogin = defineMessage({
  subject: 'identity.login.get-own',
  request: z.object({ realmId, userId: id }),
  response: z.object({ userId: id, userName: z.string().nullable(), loginEmail: z.string().nullable(), emailVerifiedAt: timestamp.nullable(), lastLoginAt: timestamp.nullable() }),
  errors: ['user-not-found'],
});
