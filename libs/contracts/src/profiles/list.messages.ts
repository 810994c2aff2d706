import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';
import { profile, userAddress } from './user.messages.js';

/** Lists that a project may have. */
export const mostLists = 1_000;

/** What a list is called: text that people read. */
const name = z.string().min(1).max(200);

/** Something that users subscribe to, such as a newsletter. */
export const list = z.object({ listId: id, name: z.string(), createdAt: timestamp, modifiedAt: timestamp });
export type List = z.output<typeof list>;

export const createList = defineMessage({
  subject: 'profiles.list.create',
  /** `listId`: the id it gets; asked again with the same, the answer is the list that is there. */
  request: z.object({ realmId, listId: id, name, actor }),
  response: list,
  errors: ['invalid-list', 'list-limit'],
});

/** The lists of a realm, newest first. */
export const listLists = defineMessage({
  subject: 'profiles.list.list',
  request: z.object({ realmId, limit: z.number().int().min(1).max(100), cursor: z.string().max(512).optional() }),
  response: z.object({ lists: z.array(list), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});

export const getList = defineMessage({
  subject: 'profiles.list.get',
  request: z.object({ realmId, listId: id }),
  response: list,
  errors: ['list-not-found'],
});

export const renameList = defineMessage({
  subject: 'profiles.list.rename',
  request: z.object({ realmId, listId: id, name, actor }),
  response: list,
  errors: ['list-not-found', 'invalid-list'],
});

/** Removes a list and everybody's subscription to it. */
export const removeList = defineMessage({
  subject: 'profiles.list.remove',
  request: z.object({ realmId, listId: id, actor }),
  response: z.object({}),
  errors: ['list-not-found'],
});

/** Subscribes a user to a list, or notes that they want none of it. Subscribing many at once: `ProfilePatch.lists`. */
export const setSubscription = defineMessage({
  subject: 'profiles.list.set-subscription',
  request: z.object({ realmId, user: userAddress, listId: id, subscribed: z.boolean(), actor }),
  response: profile,
  errors: ['user-not-found', 'user-erased', 'list-not-found'],
});
