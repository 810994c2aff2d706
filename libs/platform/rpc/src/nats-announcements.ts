import { setTimeout as sleep } from 'node:timers/promises';
import { Announcements } from './announcements.js';
import type { NatsClientConnection } from './nats-client-connection.js';

const subjectOf = (name: string) => `announcements.${name}`;
/** A bus that takes longer is in trouble, and nobody is to wait for that. */
const patienceMs = 250;

/** Over core NATS. The broker has it when `announce` resolves, and so tells it before what the speaker, or whoever it answers, says next. */
export class NatsAnnouncements extends Announcements {
  constructor(private readonly bus: NatsClientConnection) {
    super();
  }

  override async announce(name: string): Promise<void> {
    if (!this.bus.usable) return;
    try {
      const connection = await this.bus.connection;
      connection.publish(subjectOf(name));
      await Promise.race([connection.flush(), sleep(patienceMs, undefined, { ref: false })]);
    } catch {
      // The bus is going away; readiness and the log say so.
    }
  }

  override hear(name: string, listener: () => void): void {
    void this.bus.connection.then((connection) => connection.subscribe(subjectOf(name), { callback: (error) => (error === null ? listener() : undefined) }));
  }
}
