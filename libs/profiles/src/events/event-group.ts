import { profiles } from '#libs/contracts';
import type { Outcome, Transaction } from '#libs/platform/database';
import { event, type Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import type { Sighting } from '../activity/sights.repository.js';
import { tellOfSights } from '../activity/tell-of-sights.js';
import { dayOf } from '../figures/day-of.js';
import type { RealmDayCounts } from '../figures/realm-days.repository.js';
import type { EventTools } from './event-tools.js';
import { invalidEvent, type GivenEvent } from './check-event.js';
import type { EventOwner, EventToStore } from './events.repository.js';

/** One checked event to be tracked. */
export interface EventWrite {
  realmId: string;
  user: profiles.UserAddress;
  event: GivenEvent;
  /** Told by the end user's own request. */
  sight?: profiles.Sight | undefined;
  context: CallContext;
}

/** Whether the event was new. */
export type EventWritten = { readonly stored: 'now' | 'before' };

const storedNow: Outcome<EventWritten> = { answer: { stored: 'now' } };
const storedBefore: Outcome<EventWritten> = { answer: { stored: 'before' } };
const furthestAheadMs = 24 * 3_600_000;
const { profilesErrors } = profiles;

/**
 * Writes events in one transaction: each statement is about all of them.
 * @param counted gets what to count once it is committed
 */
export async function writeEventGroup(tx: Transaction, tools: EventTools, writes: readonly EventWrite[], counted: RealmDayCounts[]): Promise<Outcome<EventWritten>[]> {
  const owners = new Map<number, EventOwner>();
  for (const owner of await tools.events.lockOwners(tx, writes)) owners.set(owner.place, owner);
  // Somebody who was merged while we waited for them goes by the same name, and is found under it now.
  const missing = [...writes.keys()].filter((place) => !owners.has(place));
  if (missing.length > 0) for (const owner of await tools.events.lockOwners(tx, missing.map((place) => writes[place]!))) owners.set(missing[owner.place]!, { ...owner, place: missing[owner.place]! });
  const strangers = await explainStrangers(tx, tools, writes, owners);

  const given = new Set<string>();
  const toStore: EventToStore[] = [];
  /** Of those to store, in which write each was first. */
  const places: number[] = [];
  const outcomes = writes.map(({ event: { id: eventId, event: name, value, properties, timestamp } }, place): Outcome<EventWritten> => {
    const owner = owners.get(place);
    if (owner === undefined) return strangers.get(place) ?? notFound();
    const { realmId, userId, at } = owner;
    if (timestamp !== undefined && Date.parse(timestamp) - Date.parse(at) > furthestAheadMs) {
      return { failure: invalidEvent([{ path: 'timestamp', message: 'must not be more than 24 hours ahead' }]) };
    }
    const key = `${realmId} ${userId} ${eventId}`;
    if (!given.has(key)) {
      given.add(key);
      places.push(place);
      toStore.push({ realmId, userId, eventId, event: name, value, properties, occurredAt: timestamp ?? null });
    }
    return storedBefore;
  });
  const before = await tools.events.store(tx, toStore);
  const fresh = toStore.filter((_, index) => !before.has(index));
  const active = new Set<string>();
  for (const [index, place] of places.entries()) {
    if (before.has(index)) continue;
    outcomes[place] = storedNow;
    count(counted, 1, owners.get(place)!, writes[place]!.event.timestamp, active);
  }
  for (const [place, { sight }] of writes.entries()) if (sight !== undefined && owners.has(place)) count(counted, 0, owners.get(place)!, undefined, active);
  await noteSights(tx, tools, writes, owners);
  await tell(tx, tools.outbox, writes, fresh);
  return outcomes;
}

/** Why the users were not found: erased, or never seen. Looked at after the locks, when nobody is being hidden any more. */
async function explainStrangers(tx: Transaction, tools: EventTools, writes: readonly EventWrite[], owners: ReadonlyMap<number, EventOwner>): Promise<Map<number, Outcome<EventWritten>>> {
  const hashes = new Map<number, Buffer[]>();
  writes.forEach(({ realmId, user }, place) => {
    if (!owners.has(place)) hashes.set(place, tools.keys.of(realmId, user));
  });
  if (hashes.size === 0) return new Map();
  const standing = await tools.tombstones.standing(tx, [...new Set(writes.map(({ realmId }) => realmId))], [...hashes.values()].flat());
  return new Map(
    [...hashes].map(([place, own]) => [
      place,
      own.some((hash) => standing.has(hash.toString('hex'))) ? { failure: profilesErrors.failure('user-erased', 'This user was erased.') } : notFound(),
    ]),
  );
}

/**
 * Mostly all events of a group are of one day.
 * @param active who was counted already
 */
function count(counted: RealmDayCounts[], events: number, { realmId, userId, at, isFirstOfDay }: EventOwner, occurredAt: string | undefined, active: Set<string>): void {
  const day = dayOf(occurredAt ?? at);
  const isActive = isFirstOfDay && day === dayOf(at) && !active.has(userId);
  if (isActive) active.add(userId);
  let last = counted.at(-1);
  if (last === undefined || last.day !== day || last.realmId !== realmId) counted.push((last = { realmId, day, activeUsers: 0, events: 0 }));
  last.events += events;
  if (isActive) last.activeUsers += 1;
}

function notFound(): Outcome<EventWritten> {
  return { failure: profilesErrors.failure('user-not-found', 'There is no such user.') };
}

async function noteSights(tx: Transaction, { sights, outbox }: EventTools, writes: readonly EventWrite[], owners: ReadonlyMap<number, EventOwner>): Promise<void> {
  const sightings = writes.flatMap(({ sight }, place): Sighting[] => {
    const owner = owners.get(place);
    return owner === undefined || sight === undefined ? [] : [{ realmId: owner.realmId, userId: owner.userId, at: owner.at, sight }];
  });
  if (sightings.length > 0) await tellOfSights(tx, outbox, writes[0]!.context, await sights.record(tx, sightings));
}

/** One domain event per realm and commit, however many tracked events it stands for. */
async function tell(tx: Transaction, outbox: Outbox, [first]: readonly EventWrite[], fresh: readonly Pick<EventToStore, 'realmId' | 'userId'>[]): Promise<void> {
  if (first === undefined || fresh.length === 0) return;
  const users = new Map<string, Set<string>>();
  for (const { realmId, userId } of fresh) users.set(realmId, (users.get(realmId) ?? new Set()).add(userId));
  const told = [...users].map(([realmId, userIds]) => event(profiles.eventsTracked, { realmId, userIds: [...userIds] }));
  await outbox.append(tx, first.context, ...told);
}
