import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database, type Outcome, type Transaction } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { Idempotency, withoutIdempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { checkEvent } from '../events/check-event.js';
import { writeEventGroup, type EventWrite, type EventWritten } from '../events/event-group.js';
import { EventTools } from '../events/event-tools.js';
import { DayCounts } from '../figures/day-counts.js';
import type { RealmDayCounts } from '../figures/realm-days.repository.js';
import { refusedBy } from './load-users.js';

type Request = RequestOf<typeof profiles.loadEvents>;
type Result = ResponseOf<typeof profiles.loadEvents>['results'][number];

/** How each of a batch went, one letter an event: stored, there before, refused. */
const letters = { now: 's', before: 'b', refused: 'x' } as const;

/** Stores events that come from a file: those of a batch in one transaction, which also keeps how each went. */
@Injectable()
export class LoadEvents {
  constructor(
    private readonly database: Database,
    private readonly tools: EventTools,
    private readonly idempotency: Idempotency,
    private readonly counts: DayCounts,
  ) {}

  /** @throws Failure `idempotency-key-in-use` while the same batch is at work */
  async execute({ realmId, importId, batch, isPart = false, events, checkOnly }: Request, context: CallContext): Promise<Result[]> {
    const results: Result[] = [];
    const writes: EventWrite[] = [];
    const places: number[] = [];
    const inBatch = withoutIdempotency(context);
    events.forEach(({ uid, event }, place) => {
      try {
        writes.push({ realmId, user: { uid }, event: checkEvent(event), context: inBatch });
        places.push(place);
      } catch (error) {
        if (!isFailure(error)) throw error;
        results[place] = refusedBy(error);
      }
    });
    if (writes.length === 0) return results;
    // The first part of a batch begins where the batch does: taken for it, the rest would count as written.
    const keyed = { ...context, idempotency: { scopeId: realmId, key: `import ${importId} ${batch}${isPart ? ` of ${events.length}` : ''}`, request: importId, subject: 'profiles.event.load-batch' } };
    let counted: RealmDayCounts[] = [];
    const outcomes = checkOnly ? await this.database.tryOut((tx) => writeEventGroup(tx, this.tools, writes, [])) : await this.database.withTransaction((tx) => this.once(tx, writes, keyed, (counted = [])));
    this.counts.add(counted);
    outcomes.forEach((outcome, index) => (results[places[index]!] = 'failure' in outcome ? refusedBy(outcome.failure) : outcome.answer));
    return results;
  }

  private once(tx: Transaction, writes: readonly EventWrite[], context: CallContext, counted: RealmDayCounts[]): Promise<Outcome<EventWritten>[]> {
    return this.idempotency.once(tx, context, {
      work: () => writeEventGroup(tx, this.tools, writes, counted),
      refer: (outcomes) => ({ outcomes: outcomes.map((outcome) => letters['failure' in outcome ? 'refused' : outcome.answer.stored]).join('') }),
      again: async ({ outcomes: before }) => {
        // What was refused is looked at again, to say why.
        const refused = [...writes.keys()].filter((place) => before[place] === letters.refused);
        const looked = refused.length === 0 ? [] : await writeEventGroup(tx, this.tools, refused.map((place) => writes[place]!), counted);
        const again = new Map(refused.map((place, index) => [place, looked[index]!]));
        return writes.map((_, place) => again.get(place) ?? { answer: { stored: before[place] === letters.before ? 'before' : 'now' } });
      },
    });
  }
}
