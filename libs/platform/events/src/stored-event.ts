/** An event as it lies in an outbox and travels: its data has not been parsed by whoever gets it. */
export interface StoredEvent {
  id: string;
  type: string;
  data: unknown;
  occurredAt: string;
  requestId: string;
  /** W3C `traceparent` of the span that it happened in; none where there were no traces. */
  traceparent?: string | null;
}

/** The service whose outbox an event of this type comes from. */
export function sourceOf(eventType: string): string {
  return eventType.slice(0, eventType.indexOf('.'));
}
