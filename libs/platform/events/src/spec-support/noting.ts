import type { Database } from '#libs/platform/database';
import { thingHappened, type Listener } from './event-world.js';

export function numberOf(event: { data: unknown }): number {
  return (event.data as { number: number }).number;
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A table in which consumers note what they handled; a number that was handled twice is in it twice. */
export async function createNotes(taker: Database): Promise<void> {
  await taker.execute('CREATE TABLE IF NOT EXISTS notes (consumer text, number integer)');
}

/** A consumer that notes each number, in the transaction of the inbox. */
export function noting(consumer: string, eventType = thingHappened): Listener {
  return { consumer, eventType, handler: (event, commit) => commit(async (tx) => void (await tx.execute('INSERT INTO notes VALUES ($1, $2)', [consumer, numberOf(event)]))) };
}

export async function notes(taker: Database, consumer: string): Promise<number[]> {
  return (await taker.query<{ number: number }>('SELECT number FROM notes WHERE consumer = $1 ORDER BY number', [consumer])).map(({ number }) => number);
}
