import { z } from 'zod';
import { timestamp } from '../values.js';

/** What happens in a project, as its feed and its webhooks tell it: `rollcall.<thing>.<happened>`. */
export const feedTypes = [
  'rollcall.user.created',
  'rollcall.user.updated',
  'rollcall.user.tracked',
  'rollcall.user.merged',
  'rollcall.user.erased',
  'rollcall.user.login_changed',
  'rollcall.user.roles_changed',
  'rollcall.user.sessions_ended',
  'rollcall.list.created',
  'rollcall.list.updated',
  'rollcall.list.deleted',
  'rollcall.segment.created',
  'rollcall.segment.updated',
  'rollcall.segment.deleted',
  'rollcall.fields.declared',
  'rollcall.field.converted',
  'rollcall.field.deleted',
  'rollcall.activity_events.changed',
  'rollcall.sdk_key.changed',
  'rollcall.sdk_key.deleted',
  'rollcall.role.changed',
  'rollcall.role.deleted',
  'rollcall.project.created',
  'rollcall.project.updated',
] as const;
export const feedType = z.enum(feedTypes);
export type FeedType = (typeof feedTypes)[number];

/**
 * The types that a filter names: each one, or all of a thing by `rollcall.user.*`.
 * @returns undefined when it names something else
 */
export function feedTypesOf(pattern: string): FeedType[] | undefined {
  const found = pattern.endsWith('.*') ? feedTypes.filter((type) => type.startsWith(pattern.slice(0, -1))) : feedTypes.filter((type) => type === pattern);
  return found.length === 0 ? undefined : found;
}

/** A user as an event shows them: what is known when the event is read or sent, not when it happened. */
export const feedUser = z.object({
  user_id: z.string(),
  uid: z.string(),
  user_name: z.string().nullable(),
  name: z.string().nullable(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  preferences: z.record(z.string(), z.unknown()),
  is_active: z.boolean(),
  roles: z.array(z.string()),
  created_at: timestamp,
  modified_at: timestamp,
  version: z.number().int(),
});
export type FeedUser = z.output<typeof feedUser>;

/** An event in the JSON format of CloudEvents 1.0, the same in the feed and in webhooks. */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  /** The same whenever it is read or sent again. */
  id: z.string(),
  source: z.string(),
  type: z.string(),
  /** Id of the user or thing that it is about. */
  subject: z.string(),
  time: timestamp,
  datacontenttype: z.literal('application/json'),
  /** The place in the project's feed (CloudEvents extension "sequence"): one more than that of the event before. */
  sequence: z.string().optional(),
  /** The trace in which it happened, where there are traces (CloudEvents extension "distributed tracing"), W3C `traceparent`. */
  traceparent: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type CloudEvent = z.output<typeof cloudEvent>;
