import { z } from 'zod';
import { dateText, operations, storableText, type profiles } from '#libs/contracts';
import type { ExportedEvent } from '../../upstream/data-exports.js';

const onlyOf = { users: ['segment_id', 'list_id'], events: ['event', 'from', 'to'] } as const;

export const exportQuery = z
  .object({
    type: z.enum(operations.importKinds, { error: 'must be users or events' }).describe('What the lines are'),
    segment_id: z.uuid('must be the id of a segment').optional().describe('Of users: only who is in it'),
    list_id: z.uuid('must be the id of a list').optional().describe('Of users: only who is subscribed to it'),
    event: storableText.min(1).max(256).optional().describe('Of events: only those of this name'),
    from: dateText.optional().describe('Of events: from this time on, ISO 8601'),
    to: dateText.optional().describe('Of events: before this time'),
  })
  .superRefine((query, context) => {
    const others = onlyOf[query.type === 'users' ? 'events' : 'users'];
    for (const name of others) if (query[name as keyof typeof query] !== undefined) context.addIssue({ code: 'custom', path: [name], message: `is not for ${query.type}` });
  });

/** A user as an import takes them, and what else there is to know. */
export function toUserLine(user: profiles.Profile): object {
  const { externalId, userId, email, phone, displayName, firstName, lastName, notes, city, country, region, timezone, createdAt, modifiedAt, isAccount, isActive, userName } = user;
  return {
    id: externalId, user_id: userId, email, phone, name: displayName, first_name: firstName, last_name: lastName, notes, city, country, region, timezone, created_at: createdAt, is_account: isAccount,
    lists: user.lists.filter(({ subscribed }) => subscribed).map(({ id }) => id), attributes: user.attributes, preferences: user.preferences,
    user_name: userName, is_active: isActive, roles: user.roles, accounts: user.accounts, devices: user.devices, segments: user.segments.map(({ id }) => id), first_seen_at: user.firstSeenAt, last_seen_at: user.lastSeenAt, modified_at: modifiedAt,
  };
}

export function toEventLine({ uid, id, event, value, properties, timestamp, userId }: ExportedEvent): object {
  return { uid, id, event, value, properties, timestamp, user_id: userId };
}
