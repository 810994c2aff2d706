import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { defineErrors } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import type { AnyEventType } from '#libs/platform/messages';
import { Metrics } from '#libs/platform/telemetry';
import { Consumer } from './consumer.js';
import type { EventHandler } from './event-handler.js';
import { EventTransport } from './event-transport.js';
import { EventsTuning } from './events-tuning.js';

const eventErrors = defineErrors({ 'consumer-unknown': 'conflict' });

export const eventsServiceName = Symbol('rollcall.events.service');

/** The event consumers of a service. */
@Injectable()
export class EventConsumers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly consumers = new Map<string, Consumer>();
  private started = false;
  private stopping = false;

  constructor(
    @Inject(eventsServiceName) private readonly service: string,
    private readonly database: Database,
    private readonly transport: EventTransport,
    private readonly tuning: EventsTuning,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Handles every event of the type, each effectively once. Called in constructors or `onModuleInit`; consumption starts
   * with the application.
   * @param consumer kebab-case; part of the key under which handled events are remembered, so never renamed lightly
   * @param realmId whose events are wanted only, where it is given: others then cost nothing
   */
  on<E extends AnyEventType>(consumer: string, eventType: E, handler: EventHandler<E>, realmId?: string): void {
    if (this.started) throw new Error(`The consumer ${consumer} was added after the start: add it in a constructor or onModuleInit.`);
    if (!/^[a-z][a-z0-9-]*$/.test(consumer)) throw new Error(`"${consumer}" can't name a consumer: use lower-case letters, digits and hyphens.`);
    if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9_-]*)+$/.test(eventType.type)) throw new Error(`"${eventType.type}" can't name an event type.`);
    this.get(consumer).add(eventType, handler as EventHandler, realmId);
  }

  /**
   * Handles a dead letter again, at once.
   * @returns false when there is no such dead letter
   * @throws whatever the handler throws, or Failure `consumer-unknown`; the dead letter then stays
   */
  async replay(consumer: string, eventId: string): Promise<boolean> {
    const known = this.consumers.get(consumer);
    if (known === undefined) throw eventErrors.failure('consumer-unknown', 'No consumer of this name takes events any more.');
    return known.revive(eventId);
  }

  onApplicationBootstrap(): void {
    this.started = true;
    void this.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.transport.stop();
  }

  private get(name: string): Consumer {
    const known = this.consumers.get(name);
    if (known !== undefined) return known;
    const consumer = new Consumer(this.service, name, this.database, this.tuning, this.logger, this.metrics);
    this.consumers.set(name, consumer);
    this.transport.subscribe(consumer);
    return consumer;
  }

  /** Handlers need the database, which may come up later than this process. */
  private async open(): Promise<void> {
    while (!this.stopping && !(await this.databaseIsUp())) await new Promise((resolve) => setTimeout(resolve, 100));
    if (!this.stopping) for (const consumer of this.consumers.values()) this.transport.open(consumer);
  }

  private async databaseIsUp(): Promise<boolean> {
    return this.database.check().then(
      () => true,
      () => false,
    );
  }
}
