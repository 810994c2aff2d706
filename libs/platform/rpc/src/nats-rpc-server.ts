import { ServerNats, type NatsOptions } from '@nestjs/microservices';
import type { NatsConnection } from '@nats-io/transport-node';
import type { CallContext } from '#libs/platform/messages';
import type { HandlerRegistry } from './handler-registry.js';

/** A request on the wire, beside what its context carries. */
export interface Envelope extends Omit<CallContext, 'deadlineAt'> {
  /** Milliseconds the caller still waits; a span, because hosts' clocks differ. */
  timeoutMs: number;
  body: unknown;
}

/**
 * Nest's NATS transport, answering from our registry: each subject in the service's queue group, so that one replica
 * answers a request and not all of them.
 */
export class NatsRpcServer extends ServerNats {
  constructor(
    options: NonNullable<NatsOptions['options']> & { queue: string },
    private readonly registry: HandlerRegistry,
  ) {
    super(options);
  }

  override start(callback: (error?: unknown, ...more: unknown[]) => void): void {
    for (const subject of this.registry.subjects()) {
      this.addHandler(subject, ({ body, timeoutMs, ...carried }: Envelope) => this.registry.serve(subject, body, { ...carried, deadlineAt: Date.now() + timeoutMs }));
    }
    super.start(callback);
  }

  /** Nest's own close waits a fixed time or cuts requests off; draining ends when what is in flight has been answered. */
  override async close(): Promise<void> {
    await this.connection()?.drain();
  }

  /** Nothing while the first connection is still being made. */
  private connection(): NatsConnection | undefined {
    try {
      return this.unwrap<NatsConnection>();
    } catch {
      return undefined;
    }
  }
}
