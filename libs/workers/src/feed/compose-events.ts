import { Injectable } from '@nestjs/common';
import { profiles, type operations } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { FeedEntry } from './project-feed.repository.js';

/** Half of what a message may hold. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Makes of entries what is read and sent. What is known of a user is asked of its owner each time: of one who is erased
 * by now nothing is known, and nothing but their id is told.
 */
@Injectable()
export class ComposeEvents {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * In the order of the entries; as many, from the first on, as fit in a message, at least one.
   * @throws Failure when the owner is out of reach
   */
  async compose(projectId: string, entries: readonly FeedEntry[], context: CallContext): Promise<operations.CloudEvent[]> {
    const events: operations.CloudEvent[] = [];
    const users = new Map<string, operations.FeedUser | null>();
    let bytes = 0;
    for (let at = 0; at < entries.length; at += 100) {
      const some = entries.slice(at, at + 100);
      await this.look(projectId, some, users, context);
      for (const entry of some) {
        const event = eventOf(projectId, entry, users);
        bytes += Buffer.byteLength(JSON.stringify(event));
        if (bytes > mostBytes && events.length > 0) return events;
        events.push(event);
      }
    }
    return events;
  }

  private async look(projectId: string, entries: readonly FeedEntry[], users: Map<string, operations.FeedUser | null>, context: CallContext): Promise<void> {
    const asked = entries.flatMap(({ userId }) => (userId === null || users.has(userId) ? [] : [userId]));
    for (let userIds = [...new Set(asked)]; userIds.length > 0; ) {
      const { users: found, rest } = await this.rpc.call(profiles.readUsers, { realmId: projectId, userIds }, context);
      for (const userId of userIds) if (!rest.includes(userId)) users.set(userId, null);
      for (const user of found) users.set(user.userId, toFeedUser(user));
      userIds = rest;
    }
  }
}

function eventOf(projectId: string, { position, eventId, part, type, userId, subject, data, occurredAt, traceparent }: FeedEntry, users: ReadonlyMap<string, operations.FeedUser | null>): operations.CloudEvent {
  const user = userId === null ? undefined : (users.get(userId) ?? null);
  return {
    specversion: '1.0',
    id: part === 0 ? eventId : `${eventId}-${part}`,
    source: `/v1/admin/projects/${projectId}`,
    type,
    subject,
    time: occurredAt,
    datacontenttype: 'application/json',
    sequence: String(position).padStart(16, '0'),
    ...(traceparent === null ? {} : { traceparent }),
    data: user === undefined ? data : { ...data, user, erased: user === null },
  };
}

function toFeedUser(user: profiles.Profile): operations.FeedUser {
  const { userId, uid, userName, displayName, firstName, lastName, email, phone, attributes, preferences, isActive, roles, createdAt, modifiedAt, version } = user;
  return { user_id: userId, uid, user_name: userName, name: displayName ?? ([firstName, lastName].filter((part) => part !== null).join(' ') || null), first_name: firstName, last_name: lastName, email, phone, attributes, preferences, is_active: isActive, roles, created_at: createdAt, modified_at: modifiedAt, version };
}
