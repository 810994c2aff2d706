import type { EventOwner } from '../events/events.repository.js';

/** The day of a moment, in UTC. */
export function dayOf(moment: string): string {
  return new Date(moment).toISOString().slice(0, 10);
}

/** Whether a locked user has done nothing yet today, by the database's clock: what they do now makes them one more who is active. */
export function isFirstOfDay({ at, lastSeenAt }: Pick<EventOwner, 'at' | 'lastSeenAt'>): boolean {
  return lastSeenAt === null || dayOf(lastSeenAt) < dayOf(at);
}
