import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, realmId } from '../values.js';
import { profile, userAddress } from './user.messages.js';

const role = z.string().min(1).max(128);

/** Adds a user to accounts, all or none. In one already: a role that is given becomes theirs. */
export const joinAccounts = defineMessage({
  subject: 'profiles.account.join',
  request: z.object({ realmId, user: userAddress, accounts: z.array(z.object({ account: userAddress, role: role.nullable() })).min(1).max(100), actor }),
  response: profile,
  /** Of the accounts, details name the place: `accounts[1].id`. */
  errors: ['user-not-found', 'user-erased', 'account-not-found', 'account-is-user'],
});

export const changeAccountRole = defineMessage({
  subject: 'profiles.account.change-role',
  request: z.object({ realmId, user: userAddress, account: userAddress, role, actor }),
  response: profile,
  errors: ['user-not-found', 'user-erased', 'not-in-account'],
});

export const leaveAccount = defineMessage({
  subject: 'profiles.account.leave',
  request: z.object({ realmId, user: userAddress, account: userAddress, actor }),
  response: profile,
  errors: ['user-not-found', 'user-erased', 'not-in-account'],
});
