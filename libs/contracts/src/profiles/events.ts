import { z } from 'zod';
import { defineEvent } from '#libs/platform/messages';
import { actor, id, realmId } from '../values.js';

/** A user was created or changed. `facts` are the names of what changed: `email`, `attributes.plan`. */
export const userChanged = defineEvent({
  type: 'profiles.user.changed',
  data: z.object({ realmId, userId: id, version: z.number().int(), created: z.boolean(), facts: z.array(z.string()) }),
});

/** The source became part of the destination, and awaits the erasure of what is left of it. */
export const usersMerged = defineEvent({
  type: 'profiles.users.merged',
  data: z.object({ realmId, userId: id, sourceUserId: id }),
});

/** Events were stored: one domain event per commit, however many tracked events it holds. */
export const eventsTracked = defineEvent({
  type: 'profiles.events.tracked',
  data: z.object({ realmId, userIds: z.array(id) }),
});

/** End users were there, by requests of their own, in a realm that has segments: rules may ask when. */
export const usersSeen = defineEvent({
  type: 'profiles.users.seen',
  data: z.object({ realmId, userIds: z.array(id) }),
});

/** The events were marked whose first and last times are kept with each user; users are not told of one by one. */
export const activityEventsMarked = defineEvent({
  type: 'profiles.activity.marked',
  data: z.object({ realmId }),
});

/** The users are tombstoned and await their erasure. */
export const usersHidden = defineEvent({
  type: 'profiles.users.hidden',
  data: z.object({ realmId, erasureId: id, userIds: z.array(id), requestedBy: z.string(), requestedByType: actor.shape.type.default('credential') }),
});

/** A list was made or renamed. */
export const listChanged = defineEvent({
  type: 'profiles.list.changed',
  data: z.object({ realmId, listId: id, created: z.boolean() }),
});

/** A list is gone, and every subscription to it; users are not told of one by one. */
export const listRemoved = defineEvent({
  type: 'profiles.list.removed',
  data: z.object({ realmId, listId: id }),
});

/** A segment was made, renamed or got another rule. Who comes and goes by it is not told of. */
export const segmentChanged = defineEvent({
  type: 'profiles.segment.changed',
  data: z.object({ realmId, segmentId: id, created: z.boolean() }),
});

export const segmentRemoved = defineEvent({
  type: 'profiles.segment.removed',
  data: z.object({ realmId, segmentId: id }),
});

/** Custom fields were declared, relabelled or given another type. */
export const fieldsDeclared = defineEvent({
  type: 'profiles.fields.declared',
  data: z.object({ realmId, names: z.array(z.string()) }),
});

/** A custom field and its values are gone from every user of the realm; they are not told of one by one. */
export const fieldRemoved = defineEvent({
  type: 'profiles.field.removed',
  data: z.object({ realmId, name: z.string() }),
});

/** The values of a custom field that got another type have all taken its form; users are not told of one by one. */
export const fieldConverted = defineEvent({
  type: 'profiles.field.converted',
  data: z.object({ realmId, name: z.string() }),
});
