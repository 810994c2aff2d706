import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';
import { trackedEvent } from './event.messages.js';
import { profile } from './user.messages.js';

const page = { realmId, /** `next` of the page before; null: the first. */ after: z.string().max(512).nullable() };

/**
 * Somebody is about to be given all users or events of a project: the audit trail is told before anything is. A segment or a list
 * that is not there is refused here.
 */
export const beginDataExport = defineMessage({
  subject: 'profiles.data-export.begin',
  request: z.object({ realmId, kind: z.enum(['users', 'events']), segmentId: id.optional(), listId: id.optional(), actor }),
  response: z.object({}),
  errors: ['segment-not-found', 'list-not-found'],
});

/**
 * Users of a realm in the order of their insertion, which never changes: a walk from the first page to the last shows everybody
 * who was there when it began and is there still, once. A page may hold nobody; only `next` says whether there are more.
 */
export const exportUsersPage = defineMessage({
  subject: 'profiles.data-export.users',
  request: z.object({ ...page, /** Only who is in it. */ segmentId: id.optional(), /** Only who is subscribed. */ listId: id.optional() }),
  response: z.object({ users: z.array(profile), next: z.string().nullable() }),
  deadlineMs: 20_000,
});

/** Tracked events of a realm, user by user, those of one in the order of their times. `uid`: the user's, as `profile` has it. */
export const exportEventsPage = defineMessage({
  subject: 'profiles.data-export.events',
  request: z.object({ ...page, event: z.string().max(256).optional(), /** Inclusive. */ from: timestamp.optional(), /** Exclusive. */ to: timestamp.optional() }),
  response: z.object({ events: z.array(trackedEvent.extend({ userId: id, uid: z.string() })), next: z.string().nullable() }),
  deadlineMs: 20_000,
});
