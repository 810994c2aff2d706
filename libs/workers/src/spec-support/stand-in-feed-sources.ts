import { Injectable } from '@nestjs/common';
import { feedSources, profiles } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { feedSource, Outbox, type NewEvent } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

const nothing = { events: [], more: false };

/** Profiles' outbox as profiles hands it to the feeds, and who is who there; the others have nothing to tell. */
@Injectable()
export class StandInFeedSources {
  /** By id; who is not here is erased. */
  readonly profiles = new Map<string, profiles.Profile>();
  /** Events of profiles get no answer. */
  away = false;
  /** Settling gets lost, as if the worker had died after its commit. */
  mute = false;
  /** On whose behalf it was looked for events of profiles. */
  readonly looks: string[] = [];
  /** Questions for values of users. */
  reads = 0;

  constructor(
    readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Appends events in one transaction. */
  async happen(...events: NewEvent[]): Promise<void> {
    await this.database.withTransaction((tx) => this.outbox.append(tx, { requestId: 'spec' }, ...events));
  }

  /** Appends what `change` gives, in its transaction, which stays open for a while after the events got their numbers. */
  async happenIn(change: (tx: Transaction) => Promise<NewEvent[]>, openMs: number): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      await this.outbox.append(tx, { requestId: 'spec' }, ...(await change(tx)));
      await tx.execute('SELECT pg_sleep($1)', [openMs / 1_000]);
    });
  }

  @Handles(feedSources.profiles.pending)
  async pending(...[{ limit }, { requestId }]: HandlerArguments<typeof feedSources.profiles.pending>) {
    this.looks.push(requestId);
    if (this.away) throw platformErrors.failure('service-unavailable', 'The profiles service is not running.');
    return feedSource.pending(this.database, limit);
  }

  @Handles(feedSources.profiles.settle)
  async settle(...[{ eventIds }]: HandlerArguments<typeof feedSources.profiles.settle>) {
    if (this.mute) throw platformErrors.failure('service-unavailable', 'The profiles service did not answer in time.');
    await feedSource.settle(this.database, eventIds);
    return {};
  }

  @Handles(feedSources.identity.pending)
  async pendingInIdentity() {
    return nothing;
  }

  @Handles(feedSources.identity.settle)
  async settleInIdentity() {
    return {};
  }

  @Handles(feedSources.membership.pending)
  async pendingInMembership() {
    return nothing;
  }

  @Handles(feedSources.membership.settle)
  async settleInMembership() {
    return {};
  }

  @Handles(profiles.readUsers)
  async readUsers(...[{ userIds }]: HandlerArguments<typeof profiles.readUsers>) {
    this.reads += 1;
    return { users: userIds.flatMap((userId) => this.profiles.get(userId) ?? []), rest: [] };
  }
}
