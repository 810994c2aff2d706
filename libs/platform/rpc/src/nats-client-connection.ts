import type { ClientNats } from '@nestjs/microservices';
import type { Readiness } from '#libs/platform/telemetry';

/**
 * Connects in the background, whenever the bus comes up, and makes it a dependency of the process.
 * @returns whether the bus can be used right now
 */
export function connectNatsClient(client: ClientNats, readiness: Readiness): () => boolean {
  let connected = false;
  client.status.subscribe((status) => {
    connected = (status as string) === 'connected';
  });
  const started = client.connect().then(() => {
    connected = true;
  });
  readiness.register('nats', async () => {
    if (!connected) throw new Error('not connected');
  }, started);
  return () => connected;
}
