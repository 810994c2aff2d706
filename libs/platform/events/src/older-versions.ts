import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { streamName } from './event-stream.js';

/** Of the durables of versions that take messages with several events. Those of versions before have the same name without it. */
const suffix = '-several';
const withinMs = 3_000;

export function durableOf(older: string): string {
  return `${older}${suffix}`;
}

/**
 * Whether somebody takes events who would take a message with several for one of a type that they don't know, and pass over it: a process
 * of a version before, which is pulling, or whose events nobody has gone on with yet.
 */
export async function isPulledByOlder({ nats, manager }: { nats: NatsConnection; manager: JetStreamManager }): Promise<boolean> {
  const names = new Set(await durables(nats));
  for (const older of names) {
    if (older.endsWith(suffix)) continue;
    if (!names.has(durableOf(older)) || (await manager.consumers.info(streamName, older)).num_waiting > 0) return true;
  }
  return false;
}

/** The names alone: what the client library lists comes with all that the broker knows of each. */
async function durables(nats: NatsConnection): Promise<string[]> {
  const names: string[] = [];
  for (let total = 1; names.length < total; ) {
    const page = (await nats.request(`$JS.API.CONSUMER.NAMES.${streamName}`, JSON.stringify({ offset: names.length }), { timeout: withinMs })).json<{ consumers?: string[]; total?: number }>();
    if (page.consumers === undefined || page.consumers.length === 0) break;
    names.push(...page.consumers);
    total = page.total ?? 0;
  }
  return names;
}
