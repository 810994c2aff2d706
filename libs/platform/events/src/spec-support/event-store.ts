import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { TestServer } from '#libs/platform/testing';
import { eventsIn } from '../event-message.js';
import type { StoredEvent } from '../stored-event.js';

/** Looks into the broker, or does to it what an operator might, over a connection of its own. */
export async function inBroker<T>(nats: TestServer, work: (manager: JetStreamManager) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: nats.url });
  try {
    return await work(await jetstreamManager(connection));
  } finally {
    await connection.close();
  }
}

/** With nothing in its store. (A stream that is deleted is not gone at once: see `recreateMs`.) */
export async function restartEmpty(nats: TestServer): Promise<void> {
  await nats.kill();
  await nats.wipe();
  await nats.start();
}

/** Deletes the stream with its consumers, if there is one. */
export async function deleteStream(nats: TestServer): Promise<void> {
  await inBroker(nats, async (manager) => {
    await manager.streams.delete('ROLLCALL').catch((error: unknown) => {
      if (!(error instanceof JetStreamApiError)) throw error;
    });
  });
}

/** How many events lie in the store, in however many messages, and some perhaps in two. */
export async function storedEvents(nats: TestServer): Promise<number> {
  return inBroker(nats, async (manager) => {
    const { state } = await manager.streams.info('ROLLCALL');
    const events = new Set<string>();
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) eventsIn((await manager.streams.getMessage('ROLLCALL', { seq }))!.json<StoredEvent>()).forEach(({ id }) => events.add(id));
    return events.size;
  });
}
