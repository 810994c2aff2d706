import type { Transaction } from '#libs/platform/database';
import type { AnyEventType, DomainEvent } from '#libs/platform/messages';

/** Runs the effect of one event. */
export type Work = (tx: Transaction) => Promise<void>;

/** Runs the effects of several events at once: those that are committed together and name the same function. In their order, each event once. */
export interface SharedWork {
  together: (tx: Transaction, events: readonly DomainEvent[]) => Promise<void>;
}

/**
 * Runs `work` in a transaction of the service's own database, together with the note that the consumer is done with the
 * event. Does nothing when it was done with it before. At most one call per event.
 */
export type CommitEvent = (work: Work | SharedWork) => Promise<void>;

/**
 * Handles one event. Network calls come first, then one `commit`; without it the event counts as handled when the
 * handler returns, and nothing is noted of that. It may be called again for the same event until that is committed, and
 * whenever the event comes again where nothing is.
 */
export type EventHandler<E extends AnyEventType = AnyEventType> = (event: DomainEvent<E>, commit: CommitEvent) => Promise<void>;
