import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId } from '../values.js';

/**
 * Identity hands over the new state of a user's login within the request that changed it; the domain event repeats it.
 * A lower version never overwrites a higher one, and pushing twice is harmless.
 */
export const applyLoginState = defineMessage({
  subject: 'profiles.directory.apply-login-state',
  request: z.object({
    realmId,
    users: z.array(z.object({ userId: id, version: z.number().int(), userName: z.string().nullable(), loginEmail: z.string().nullable(), isActive: z.boolean(), canLogIn: z.boolean() })).min(1).max(1_000),
  }),
  response: z.object({ applied: z.number().int() }),
});

/**
 * Identity is about to let this user log in: from now on profiles asks identity before it changes the email.
 * Answers the email as it stands after every change that did not ask.
 */
export const beginLogin = defineMessage({
  subject: 'profiles.directory.begin-login',
  request: z.object({ realmId, userId: id }),
  response: z.object({ email: z.string().nullable(), externalId: z.string().nullable() }),
  errors: ['user-not-found'],
});

/**
 * Membership hands over the roles that users have in the project that is their home, within the request that changed
 * them; the domain event repeats it. A lower version never overwrites a higher one.
 */
export const applyRoles = defineMessage({
  subject: 'profiles.directory.apply-roles',
  request: z.object({ realmId, users: z.array(z.object({ userId: id, version: z.number().int(), roles: z.array(z.string()) })).min(1).max(1_000) }),
  response: z.object({ applied: z.number().int() }),
});
