import { createHash } from 'node:crypto';
import { sourceOf, type StoredEvent } from './stored-event.js';

/** A message of the broker's stream. Its body is an event, or `{ events: […] }`. */
export interface EventMessage {
  subject: string;
  /** By which the broker knows it again. */
  id: string;
  json: string;
  events: readonly StoredEvent[];
}

/** In capitals: no type of an event is called so. */
const severalOf = (source: string): string => `events.${source}.SEVERAL`;
export const subjectOf = (eventType: string): string => `events.${eventType}`;
/** Everything of one service, whatever form it has. */
export const allOf = (source: string): string => `events.${source}.>`;

/** Characters of JSON that share a message; what is longer by itself goes alone. */
const enoughCharacters = 256 * 1024;

/**
 * Events as messages, in their order.
 * @param together events that share one at the most; those of several services share none
 */
export function messagesOf(events: readonly StoredEvent[], together: number): EventMessage[] {
  const messages: EventMessage[] = [];
  let parts: { event: StoredEvent; json: string }[] = [];
  let characters = 0;
  const send = (): void => {
    if (parts.length > 0) messages.push(messageOf(parts));
    [parts, characters] = [[], 0];
  };
  for (const event of events) {
    const json = JSON.stringify(event);
    const joins = parts.length < together && characters + json.length <= enoughCharacters && parts.every((part) => sourceOf(part.event.type) === sourceOf(event.type));
    if (!joins) send();
    parts.push({ event, json });
    characters += json.length;
  }
  send();
  return messages;
}

function messageOf(parts: readonly { event: StoredEvent; json: string }[]): EventMessage {
  const events = parts.map(({ event }) => event);
  const [{ event, json }] = parts as [(typeof parts)[number]];
  if (parts.length === 1) return { subject: subjectOf(event.type), id: event.id, json, events };
  // Published again they may be in other company: that is another message, and the inbox knows its events.
  const id = createHash('sha256').update(events.map((one) => one.id).join()).digest('base64url');
  return { subject: severalOf(sourceOf(event.type)), id, json: `{"events":[${parts.map((part) => part.json).join(',')}]}`, events };
}

/** The events in the body of a message. */
export function eventsIn(body: StoredEvent | { events: readonly StoredEvent[] }): readonly StoredEvent[] {
  return 'events' in body ? body.events : [body];
}
