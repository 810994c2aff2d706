import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, storableText, timestamp } from '../values.js';

/** What a login or a refresh gives. `expiresAt` is in Unix seconds. */
export const issuedTokens = z.object({
  userId: id,
  accessToken: z.string(),
  expiresAt: z.number().int(),
  refreshToken: z.string(),
});
export type IssuedTokens = z.output<typeof issuedTokens>;

/**
 * What may come after a right password.
 * - `new-password`: an administrator set the password, and the project says that it has to be changed (`completeNewPassword`)
 */
export const loginStep = z.enum(['new-password']);
export type LoginStep = z.output<typeof loginStep>;

export const loginDone = issuedTokens.extend({
  step: z.literal('done'),
  /** What the device shows at its next login, so as not to be held back by strangers. It opens nothing. */
  deviceToken: z.string(),
});

/**
 * What a right password leads to. `done`: the user is logged in. `next`: one more step is needed; `stepToken` names the login that
 * waits for it, opens nothing by itself, is good for a few minutes and used up by the step.
 */
export const loginResult = z.discriminatedUnion('step', [
  loginDone,
  z.object({
    step: z.literal('next'),
    userId: id,
    /** What the user may do next; any one of them. */
    methods: z.array(loginStep).min(1),
    stepToken: z.string(),
    /** Unix seconds. */
    expiresAt: z.number().int(),
  }),
]);
export type LoginResult = z.output<typeof loginResult>;

/** Logs a user in by user name or login email. Unknown name, wrong password and unknown user are one error, in one time. */
export const logIn = defineMessage({
  subject: 'identity.login.log-in',
  request: z.object({
    realmId,
    name: storableText.max(320),
    password: z.string().max(1_024),
    /** For throttling and the list of sessions; not logged. */
    address: z.string().max(64).nullable(),
    userAgent: z.string().max(512).nullable(),
    /** What an earlier login gave the device; anything else counts as none. */
    deviceToken: z.string().max(512).nullable().default(null),
  }),
  response: loginResult,
  errors: ['invalid-credentials', 'user-inactive', 'too-many-attempts', 'hashing-overloaded'],
});

/**
 * The step `new-password`: takes a password of the user's own in place of the one that they logged in with, and logs them in. Of any
 * number who show one token, one does. A password that is refused leaves the token as it was.
 */
export const completeNewPassword = defineMessage({
  subject: 'identity.login.complete-new-password',
  request: z.object({
    /** Where the user has to be of; null: wherever they are. */
    realmId: realmId.nullable(),
    stepToken: z.string().max(512),
    password: z.string().max(1_024),
    address: z.string().max(64).nullable(),
    userAgent: z.string().max(512).nullable(),
    deviceToken: z.string().max(512).nullable().default(null),
  }),
  response: loginDone,
  errors: ['step-token-invalid', 'user-inactive', 'password-refused', 'hashing-overloaded'],
});

/**
 * Gives a user of the realm a password. A user who could not log in can from now on, by their contact email, which
 * becomes their login email and must then be nobody else's in the realm. Ends the user's sessions but `keepSessionId`. Where their
 * project has `force_password_change` and somebody else sets it, the next login asks for another one, and the user is told.
 */
export const setPassword = defineMessage({
  subject: 'identity.login.set-password',
  request: z.object({
    realmId,
    userId: id,
    password: z.string().max(1_024),
    keepSessionId: id.nullable(),
    /** A user who has a password keeps it, and that is no failure. */
    onlyFirst: z.boolean().default(false),
    actor,
  }),
  response: z.object({}),
  errors: ['password-refused', 'email-missing', 'email-taken', 'user-not-found', 'hashing-overloaded'],
});

/**
 * Profiles asks before it changes an email. `applied` is false for a user who can't log in: the address is contact data. `refused`: whoever
 * asks may change contact data only, and the user can log in, or has a user name to do so one day; nothing has changed. `onlyFrom`: where the
 * login has another email than that, nothing changes. `before`: the email that the login had, where the change is applied.
 */
export const changeLoginEmail = defineMessage({
  subject: 'identity.login.change-email',
  request: z.object({ realmId, userId: id, email: z.string().max(320).nullable(), contactOnly: z.boolean().optional(), onlyFrom: z.string().max(320).nullable().optional() }),
  response: z.object({ applied: z.boolean(), refused: z.literal(true).optional(), before: z.string().nullable().optional() }),
  errors: ['email-taken', 'email-missing'],
});

/** Whether `changeLoginEmail` would refuse; nothing changes. */
export const checkLoginEmail = defineMessage({
  subject: 'identity.login.check-email',
  request: z.object({ realmId, userId: id, email: z.string().max(320).nullable() }),
  response: z.object({}),
  errors: ['email-taken', 'email-missing'],
});

/** The present state of users' logins, for whoever holds a copy. Users without one are left out. */
export const describeLogins = defineMessage({
  subject: 'identity.login.describe',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({
    users: z.array(z.object({ userId: id, version: z.number().int(), userName: z.string().nullable(), loginEmail: z.string().nullable(), isActive: z.boolean(), canLogIn: z.boolean(), /** Null: never. */ lastLoginAt: timestamp.nullable().optional() })),
  }),
});

/**
 * Whose login email it is; when nobody's, it is the new user's from now on, who can't log in before they have a password. One
 * of any number who ask for one address at once is the new user, and all get the same answer.
 */
export const claimLoginEmail = defineMessage({
  subject: 'identity.login.claim-email',
  request: z.object({ realmId, newUserId: id, email: z.string().min(3).max(320) }),
  response: z.object({ userId: id }),
  /** It is somebody's user name. */
  errors: ['email-taken'],
});
