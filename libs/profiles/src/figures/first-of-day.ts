import type { EventOwner } from '../events/events.repository.js';

/** @param moment ISO 8601 in UTC, as columns and checked events have it @returns its day */
export function dayOf(moment: string): string {
  return moment.slice(0, 10);
}

/** Whether a locked user has done nothing yet today, by the database's clock: what they do now makes them one more who is active. */
export function isFirstOfDay({ at, lastSeenAt }: Pick<EventOwner, 'at' | 'lastSeenAt'>): boolean {
  return lastSeenAt === null || dayOf(lastSeenAt) < dayOf(at);
}
