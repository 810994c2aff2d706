import type { Transaction } from '#libs/platform/database';
import type { AnyEventType, DomainEvent } from '#libs/platform/messages';

/**
 * Runs `work` in a transaction of the service's own database, together with the note that the consumer is done with the
 * event. Does nothing when it was done with it before. At most one call per event.
 */
export type CommitEvent = (work: (tx: Transaction) => Promise<void>) => Promise<void>;

/**
 * Handles one event. Network calls come first, then one `commit`; without it the event counts as handled when the
 * handler returns. It may be called again for the same event until that is committed.
 */
export type EventHandler<E extends AnyEventType = AnyEventType> = (event: DomainEvent<E>, commit: CommitEvent) => Promise<void>;
