import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, GroupCommit, type Outcome, type Transaction } from '#libs/platform/database';
import { Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { EventsRepository, type EventOwner } from '../events/events.repository.js';
import { DayCounts } from '../figures/day-counts.js';
import { dayOf } from '../figures/day-of.js';
import { SightsRepository, type Sighting } from './sights.repository.js';
import { tellOfSights } from './tell-of-sights.js';

type Write = RequestOf<typeof profiles.noteSight> & { context: CallContext };

/** Writes that end users were there; requests that arrive together in one transaction. */
@Injectable()
export class NoteSight {
  private readonly commits: GroupCommit<Write, Record<string, never>>;

  constructor(
    database: Database,
    private readonly events: EventsRepository,
    private readonly sights: SightsRepository,
    private readonly outbox: Outbox,
    counts: DayCounts,
  ) {
    this.commits = new GroupCommit(async (writes) => {
      let owners: ReadonlyMap<number, EventOwner> = new Map();
      const outcomes = await database.withTransaction(async (tx) => this.writeAll(tx, writes, (owners = await this.lock(tx, writes))));
      const here = new Map([...owners.values()].filter(({ isFirstOfDay }) => isFirstOfDay).map((owner) => [`${owner.realmId} ${owner.userId}`, owner]));
      counts.add([...here.values()].map(({ realmId, at }) => ({ realmId, day: dayOf(at), activeUsers: 1, events: 0 })));
      return outcomes;
    });
  }

  /** @throws Failure `user-not-found`, `service-unavailable` */
  execute(request: RequestOf<typeof profiles.noteSight>, context: CallContext): Promise<Record<string, never>> {
    return this.commits.submit({ ...request, context }, context.deadlineAt);
  }

  private async lock(tx: Transaction, writes: readonly Write[]): Promise<ReadonlyMap<number, EventOwner>> {
    return new Map((await this.events.lockOwners(tx, writes.map(({ realmId, userId }) => ({ realmId, user: { userId } })))).map((owner) => [owner.place, owner]));
  }

  private async writeAll(tx: Transaction, writes: readonly Write[], owners: ReadonlyMap<number, EventOwner>): Promise<Outcome<Record<string, never>>[]> {
    const sightings = writes.flatMap(({ sight }, place): Sighting[] => {
      const owner = owners.get(place);
      return owner === undefined ? [] : [{ realmId: owner.realmId, userId: owner.userId, at: owner.at, sight }];
    });
    const followed = await this.sights.record(tx, sightings);
    await tellOfSights(tx, this.outbox, writes[0]!.context, followed);
    return writes.map((_, place) => (owners.has(place) ? { answer: {} } : { failure: profiles.profilesErrors.failure('user-not-found', 'There is no such user.') }));
  }
}
