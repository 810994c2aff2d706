import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '#libs/platform/logging';
import { natsOptions } from '#libs/platform/rpc';

export interface ConnectionListener {
  /** There is a connection, the first or again; the broker may be another one than before. */
  up(nats: NatsConnection): void;
  down(): void;
}

/** A connection to NATS that comes up whenever NATS does, and again after every loss. */
export class JetStreamConnection {
  private nats: NatsConnection | undefined;
  private closing = false;
  private endPause: (() => void) | undefined;

  constructor(
    private readonly url: string,
    private readonly reconnectMs: number,
    private readonly listener: ConnectionListener,
    private readonly logger: Logger,
  ) {
    void this.run();
  }

  async close(): Promise<void> {
    this.closing = true;
    this.endPause?.();
    await this.nats?.drain().catch(() => this.nats?.close());
  }

  private async run(): Promise<void> {
    for (let attempt = 1; !this.closing; attempt += 1) {
      try {
        await this.live();
        attempt = 0;
      } catch (error) {
        if (attempt === 1 || attempt % 60 === 0) this.logger.warn({ attempt, err: error }, 'NATS is out of reach, trying again');
      }
      this.listener.down();
      if (!this.closing) await this.pause();
    }
  }

  /** From one connection until it is closed for good: by us, or by the server, as after a change of credentials. */
  private async live(): Promise<void> {
    const nats = await connect({ ...natsOptions(this.url), name: 'rollcall events', waitOnFirstConnect: false, reconnectTimeWait: this.reconnectMs, reconnectJitter: this.reconnectMs / 5 });
    this.nats = nats;
    if (this.closing) return nats.close();
    const statuses = nats.status();
    this.listener.up(nats);
    for await (const { type } of statuses) {
      if (type === 'disconnect') {
        this.logger.warn({}, 'NATS is out of reach, trying again');
        this.listener.down();
      }
      if (type === 'reconnect') {
        this.logger.info({}, 'NATS is back');
        this.listener.up(nats);
      }
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.reconnectMs);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
