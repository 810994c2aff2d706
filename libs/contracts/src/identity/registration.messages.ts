import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId } from '../values.js';
import { grantor, mostRolesOfUser } from '../membership/project-role.messages.js';
import { profilePatch } from '../profiles/user.messages.js';

/** 1–128 characters without line breaks and the like, and without space around them. Compared in NFKC and lower case. */
export const userName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Cn}\u2028\u2029]*(?<!\s)$/u, 'must not begin or end with a space, or hold control characters');

/**
 * Registers a user of a project: user name and login email are reserved, the profile is written, roles are given, the
 * login is opened. What can be refused is checked before anything is written; a registration that is broken off is
 * finished or undone within a minute. The same `userId` again is a retry.
 *
 * Without a password the user can't log in until they are given one; their email is contact data until then, and may
 * repeat. It takes a user name or an email.
 */
export const registerUser = defineMessage({
  subject: 'identity.user.register',
  request: z.object({
    realmId,
    userId: id,
    userName: userName.nullable(),
    password: z.string().max(1_024).nullable(),
    isActive: z.boolean(),
    roles: z.array(z.string().max(256)).max(mostRolesOfUser),
    /** With the email, which is the login email of a user with a password. */
    profile: profilePatch,
    /** Who registers the user: recorded as their maker, and hands out no role beyond their own permissions. */
    grantor,
  }),
  /** The user, who has another id than was asked for when the same request registered them before. */
  response: z.object({ userId: id }),
  errors: ['user-name-taken', 'email-taken', 'login-name-missing', 'password-refused', 'invalid-profile', 'role-unknown', 'permission-not-held', 'hashing-overloaded', 'field-busy'],
  deadlineMs: 15_000,
});

/** Opens or closes a user's account. Closing it ends their sessions; it needs no login, and comes before one. */
export const setUserStatus = defineMessage({
  subject: 'identity.user.set-status',
  request: z.object({ realmId, userId: id, isActive: z.boolean(), actor }),
  response: z.object({ changed: z.boolean() }),
  errors: ['user-not-found'],
});

/**
 * Gives a user another user name and, where they can log in, another login email: both, or none when one is refused.
 * Absent: as it is; null: none. The email of a user who can't log in is not looked at.
 */
export const changeLoginNames = defineMessage({
  subject: 'identity.login.change-names',
  request: z.object({ realmId, userId: id, userName: userName.nullable().optional(), email: z.string().max(320).nullable().optional(), actor }),
  response: z.object({ changed: z.array(z.enum(['user_name', 'login_email'])) }),
  errors: ['user-name-taken', 'email-taken', 'login-name-missing', 'user-not-found'],
});
