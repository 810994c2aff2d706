import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { ClientNats } from '@nestjs/microservices';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import type { Readiness } from '#libs/platform/telemetry';
import { lastingNatsOptions, refusalOf } from './nats-options.js';
import { NatsStatusLogger } from './nats-status-logger.js';

const pauseMs = 500;

class LastingClientNats extends ClientNats {
  protected override readonly logger = new NatsStatusLogger(ClientNats.name);
}

/** Connects in the background, whenever the bus comes up, stays connected, and is a dependency of the process. */
export class NatsClientConnection {
  readonly client: ClientNats;
  /** Once there is one; it stays the same, however often it is lost. */
  readonly connection: Promise<NatsConnection>;
  private connectedFirst!: (connection: NatsConnection) => void;
  private connected = false;
  private closing = false;
  /** Why the last attempt to connect failed, as long as none has succeeded. */
  private reason: string | undefined;

  constructor(
    url: string | undefined,
    readiness: Readiness,
    private readonly logger: Logger,
  ) {
    this.connection = new Promise((resolve) => (this.connectedFirst = resolve));
    // By itself the client would wait for its first connection, and never say why there is none.
    this.client = new LastingClientNats({ ...lastingNatsOptions(url), waitOnFirstConnect: false });
    this.client.status.subscribe((status) => {
      this.connected = (status as string) === 'connected';
    });
    readiness.register('nats', async () => this.check(), this.start());
  }

  /** Whether the bus can be used right now. */
  get usable(): boolean {
    return this.connected;
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.client.close();
  }

  private check(): void {
    if (!this.connected) throw new Error(this.reason === undefined ? 'not connected' : `not connected: ${this.reason}`);
  }

  /** @throws StartupError when the server is there and the address is not right for it */
  private async start(): Promise<void> {
    for (let attempt = 1; !this.closing; attempt += 1) {
      try {
        await this.client.connect();
        this.connected = true;
        this.reason = undefined;
        this.connectedFirst(this.client.unwrap<NatsConnection>());
        return;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal !== undefined) throw new StartupError(refusal);
        this.note(error, attempt);
      }
      await sleep(pauseMs);
    }
  }

  private note(error: unknown, attempt: number): void {
    if (this.closing) return;
    this.reason = error instanceof Error ? error.message : String(error);
    if (attempt === 1 || attempt % 60 === 0) this.logger.warn({ attempt, err: error }, 'NATS is out of reach for requests, trying again');
  }
}
