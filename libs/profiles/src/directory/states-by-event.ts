import type { Transaction } from '#libs/platform/database';
import type { SharedWork } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';

/** What an event's consumer was told of users of one realm. */
export interface Told<State> {
  realmId: string;
  users: readonly State[];
  context: CallContext;
}

/** Holds what was asked for at events, from the answer to the commit: those that are committed together are taken over by the same statements. */
export class StatesByEvent<State> implements SharedWork {
  private readonly told = new Map<string, Told<State>>();

  constructor(private readonly take: (tx: Transaction, realmId: string, users: readonly State[], context: CallContext) => Promise<unknown>) {}

  readonly together = async (tx: Transaction, events: readonly { id: string }[]): Promise<void> => {
    const told = events.flatMap(({ id }) => this.told.get(id) ?? []);
    // Realms in their order, as their users are: two groups never wait for each other.
    for (const realmId of [...new Set(told.map((one) => one.realmId))].sort()) {
      const ofRealm = told.filter((one) => one.realmId === realmId);
      await this.take(tx, realmId, ofRealm.flatMap(({ users }) => users), ofRealm[0]!.context);
    }
  };

  /** @param commit of the event's consumer */
  async commit(eventId: string, told: Told<State>, commit: (work: SharedWork) => Promise<void>): Promise<void> {
    this.told.set(eventId, told);
    try {
      await commit(this);
    } finally {
      // An event that was delivered twice at once has one entry, of whoever came last.
      if (this.told.get(eventId) === told) this.told.delete(eventId);
    }
  }
}
