import type { z } from 'zod';

/** A kind of domain event. Its data holds ids, versions and names of changed facts; never personal data. */
export interface EventType<Data extends z.ZodType = z.ZodType> {
  /** `service.thing.happened`; the part before the first dot is the service whose outbox it comes from. */
  readonly type: string;
  readonly data: Data;
}

export type AnyEventType = EventType;
export type EventDataOf<E extends AnyEventType> = z.output<E['data']>;

export function defineEvent<const Data extends z.ZodType>(event: { type: string; data: Data }): EventType<Data> {
  return event;
}

/** An event that happened, as consumers see it. */
export interface DomainEvent<E extends AnyEventType = AnyEventType> {
  /** UUIDv7 given by the outbox; the key of every de-duplication. */
  readonly id: string;
  readonly type: E['type'];
  readonly data: EventDataOf<E>;
  /** ISO 8601, the database's clock. */
  readonly occurredAt: string;
  readonly requestId: string;
}
