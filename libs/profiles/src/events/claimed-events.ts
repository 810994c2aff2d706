import type { Outcome, Transaction } from '#libs/platform/database';
import type { RealmDayCounts } from '../figures/realm-days.repository.js';
import { writeEventGroup, type EventWrite, type EventWritten } from './event-group.js';
import type { EventTools } from './event-tools.js';

/**
 * Writes events in one transaction, those under an idempotency key once. The ids of events keep them from being stored
 * twice, for ever; the key also refuses another event that is sent under it.
 */
export async function writeClaimedEvents(tx: Transaction, tools: EventTools, writes: readonly EventWrite[], counted: RealmDayCounts[]): Promise<Outcome<EventWritten>[]> {
  const claims = await tools.idempotency.claim(tx, writes.map(({ context }) => context));
  // Nearly always nobody sent a key.
  if (claims.length === 0) return writeEventGroup(tx, tools, writes, counted);
  const outcomes: Outcome<EventWritten>[] = [];
  const places: number[] = [];
  writes.forEach((_, place) => {
    const claim = claims[place];
    if (claim?.state === 'refused') outcomes[place] = { failure: claim.failure };
    else if (claim?.state === 'earlier') outcomes[place] = { answer: { stored: 'before' } };
    else places.push(place);
  });
  const written = places.length === 0 ? [] : await writeEventGroup(tx, tools, places.map((place) => writes[place]!), counted);
  written.forEach((outcome, index) => (outcomes[places[index]!] = outcome));
  const fresh = places.flatMap((place) => (claims[place] === undefined ? [] : [{ context: writes[place]!.context, reference: 'answer' in outcomes[place]! ? {} : undefined }]));
  await tools.idempotency.settle(tx, fresh);
  return outcomes;
}
