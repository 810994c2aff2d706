import { Inject, Injectable, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { Database, databaseConfig, DatabaseModule } from '#libs/platform/database';
import { defineEvent, type AnyEventType, type CallContext } from '#libs/platform/messages';
import { rpcConfig } from '#libs/platform/rpc';
import { Readiness } from '#libs/platform/telemetry';
import { LogRecorder, testApp, type TestServer } from '#libs/platform/testing';
import { auditEntities, auditMigrations } from '#libs/platform/audit';
import { DeadLetters, event, EventConsumers, eventsEntities, eventsMigrations, EventsModule, EventsTransportModule, Outbox, type EventHandler, type EventsTuning } from '../index.js';

export type Topology = 'in-process' | 'nats';

export const thingHappened = defineEvent({ type: 'maker.thing.happened', data: z.object({ number: z.number().int() }) });
export const thingEnded = defineEvent({ type: 'maker.thing.ended', data: z.object({ number: z.number().int() }) });

export const context: CallContext = { requestId: 'req-1' };

/** As the platform runs, only sooner. */
export const soon: Partial<EventsTuning> = {
  pollMs: 50,
  restMs: 5,
  lockRetryMs: 100,
  firstRetryMs: 20,
  longestRetryMs: 80,
  longestUnavailableRetryMs: 40,
  deliveries: 4,
  streamCheckMs: 250,
  reconnectMs: 100,
  pullMs: 150,
  recreateMs: 300,
};

export interface Listener {
  consumer: string;
  eventType: AnyEventType;
  handler: EventHandler;
}

const listenersToken = Symbol('listeners');

@Injectable()
class Maker {
  constructor(
    readonly database: Database,
    readonly outbox: Outbox,
  ) {}
}

@Injectable()
class Taker {
  constructor(
    readonly database: Database,
    readonly consumers: EventConsumers,
    readonly deadLetters: DeadLetters,
    @Inject(listenersToken) listeners: readonly Listener[],
  ) {
    for (const { consumer, eventType, handler } of listeners) consumers.on(consumer, eventType, handler);
  }
}

@Module({})
class MakerModule {}

@Module({})
class TakerModule {}

function service(name: string, module: DynamicModule['module'], providers: DynamicModule['providers']): DynamicModule {
  const database = DatabaseModule.forService({ service: name, entities: [...eventsEntities, ...auditEntities], migrations: [...eventsMigrations, ...auditMigrations] });
  return { module, imports: [database, EventsModule.forService({ service: name, database })], providers };
}

export interface WorldOptions {
  topology: Topology;
  databaseUrl: string;
  nats?: TestServer;
  listeners?: readonly Listener[];
  tuning?: Partial<EventsTuning>;
}

/** A process with two services, each with its own database: `maker`, whose events these are, and `taker`, who listens. */
export class EventWorld {
  private static readonly open = new Set<EventWorld>();
  readonly maker: Database;
  readonly taker: Database;
  readonly consumers: EventConsumers;
  readonly deadLetters: DeadLetters;
  private readonly outbox: Outbox;

  private constructor(
    readonly app: INestApplicationContext,
    readonly log: LogRecorder,
    readonly databaseUrl: string,
  ) {
    const maker = app.get(Maker, { strict: false });
    const taker = app.get(Taker, { strict: false });
    this.maker = maker.database;
    this.outbox = maker.outbox;
    this.taker = taker.database;
    this.consumers = taker.consumers;
    this.deadLetters = taker.deadLetters;
    EventWorld.open.add(this);
  }

  /** Those that a failed test has left: they would take the next one's events. */
  static async closeAll(): Promise<void> {
    await Promise.all([...EventWorld.open].map((world) => world.close()));
  }

  static async start({ topology, databaseUrl, nats, listeners = [], tuning = {} }: WorldOptions): Promise<EventWorld> {
    const log = new LogRecorder();
    const app = await testApp({
      imports: [
        EventsTransportModule.register(topology, { ...soon, ...tuning }),
        service('maker', MakerModule, [Maker]),
        service('taker', TakerModule, [Taker, { provide: listenersToken, useValue: listeners }]),
      ],
      configs: [databaseConfig, rpcConfig],
      environment: { DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: '4', NATS_URL: nats?.url },
      log,
    });
    return new EventWorld(app, log, databaseUrl);
  }

  /** Until all it depends on was there. */
  async ready(): Promise<this> {
    await this.app.get(Readiness, { strict: false }).whenStarted();
    return this;
  }

  /** Commits one event for each number, each in a transaction of its own. */
  async make(...numbers: readonly number[]): Promise<void> {
    for (const number of numbers) await this.maker.withTransaction((tx) => this.append(tx, number));
  }

  async append(tx: Parameters<Outbox['append']>[0], ...numbers: readonly number[]): Promise<void> {
    await this.outbox.append(tx, context, ...numbers.map((number) => event(thingHappened, { number })));
  }

  async unpublished(): Promise<number> {
    const [row] = await this.maker.query<{ count: number }>('SELECT count(*) FROM outbox WHERE published_at IS NULL');
    return row?.count ?? -1;
  }

  /** Cuts the connection that relays the maker's outbox. */
  async cutRelay(): Promise<boolean> {
    const cut = await this.maker.query<{ done: boolean }>(
      `SELECT pg_terminate_backend(pid) AS done FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND granted`,
    );
    return cut.some(({ done }) => done);
  }

  async close(): Promise<void> {
    if (EventWorld.open.delete(this)) await this.app.close();
  }
}
