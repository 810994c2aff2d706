import type { z } from 'zod';
import { compiled, type AnyEventType, type EventDataOf } from '#libs/platform/messages';

/** An event that is about to be appended to the outbox. */
export interface NewEvent<E extends AnyEventType = AnyEventType> {
  readonly type: E['type'];
  readonly data: EventDataOf<E>;
}

/** Makes an event. Its data is parsed, so that a field which its type does not declare never leaves the service. */
export function event<E extends AnyEventType>(eventType: E, data: z.input<E['data']>): NewEvent<E> {
  return { type: eventType.type, data: compiled(eventType.data).parse(data) as EventDataOf<E> };
}
