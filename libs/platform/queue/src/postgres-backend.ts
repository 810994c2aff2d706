import type { OnApplicationShutdown } from '@nestjs/common';
import { createPostgresBackend, FlowProducer, Queue, runMigrations, Worker, type BackendFactory, type ConnectionOptions, type RedisQueueBackend } from 'bullmq';
import pg from 'pg';
import { connectTimeoutMs, serviceDatabaseUrl } from '#libs/platform/database';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import { OpenOnce } from './open-once.js';
import { OutageLog } from './outage-log.js';
import { QueueBackend, type JobData, type JobProcessor, type WorkerSettings } from './queue-backend.js';
import type { QueueTuning } from './queue-tuning.js';

/** BullMQ's own default, and the one it assumes of a pool that it was given. */
const schema = 'bullmq';
/** Each worker keeps one of them to listen on. */
const mostConnections = 20;
const endMs = 2_000;
/** Typed for classes of its own, which are BullMQ's with another default. */
const factory = createPostgresBackend as unknown as BackendFactory<RedisQueueBackend, ConnectionOptions>;

/** BullMQ on Postgres: in a schema of its own in the `operations` database, which its service creates. */
export class PostgresBackend extends QueueBackend implements OnApplicationShutdown {
  private readonly pool: pg.Pool;
  private readonly queues: OpenOnce<Queue<JobData, void>>;
  private readonly producers: OpenOnce<FlowProducer>;
  private readonly outages: OutageLog;
  private readonly started: Promise<void>;
  private prepared = false;
  private closing = false;

  constructor(
    url: string | undefined,
    private readonly tuning: QueueTuning,
    logger: Logger,
  ) {
    super();
    if (url === undefined) throw new StartupError('DATABASE_URL is not set: it must be a postgres:// address.');
    this.outages = new OutageLog('postgres', logger);
    // Jobs are made from rows that are committed, and made anew where the store has lost them: so nothing here waits for the disk.
    this.pool = new pg.Pool({
      connectionString: serviceDatabaseUrl(url, 'operations'),
      application_name: 'rollcall-queue',
      options: `-c search_path=${schema} -c statement_timeout=15000 -c synchronous_commit=off`,
      max: mostConnections,
      connectionTimeoutMillis: connectTimeoutMs(url),
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    this.pool.setMaxListeners(0); // every queue and worker listens
    this.pool.on('error', (error) => this.report(error));
    // The pool listens to a client while it is idle, its borrower only from a moment after: an error in between would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    const report = (error: Error) => this.report(error);
    this.queues = new OpenOnce((name) => new Queue<JobData, void>(name, { connection: this.pool }, factory), report);
    this.producers = new OpenOnce(() => new FlowProducer({ connection: this.pool }, factory), report);
    this.started = this.prepare();
  }

  override get available(): boolean {
    return this.prepared;
  }

  override whenStarted(): Promise<void> {
    return this.started;
  }

  override async check(): Promise<void> {
    if (!this.prepared) throw new Error('not connected yet');
    await this.pool.query('SELECT 1');
  }

  override queue(name: string): Promise<Queue<JobData, void>> {
    return this.queues.get(name);
  }

  override flows(): Promise<FlowProducer> {
    return this.producers.get('flows');
  }

  override async worker(name: string, processor: JobProcessor, settings: WorkerSettings): Promise<Worker<JobData, void>> {
    const worker = new Worker<JobData, void>(name, processor, { ...settings, autorun: false, connection: this.pool }, factory);
    worker.on('error', (error) => this.report(error));
    try {
      await worker.waitUntilReady();
      return worker;
    } catch (error) {
      worker.close(true).catch(() => undefined); // its connection never tries again
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    await Promise.all([this.queues.close(), this.producers.close()]);
    // A worker that is cut off keeps its connection, and the pool would wait for it.
    await Promise.race([this.pool.end(), new Promise((resolve) => setTimeout(resolve, endMs).unref())]);
  }

  /** What goes wrong while all is being closed is no outage: a Postgres of our own ends at the same time. */
  private report(error: Error): void {
    if (!this.closing) this.outages.report(error);
  }

  /** Until the database is there and has BullMQ's tables; whoever is first makes them. */
  private async prepare(): Promise<void> {
    for (let attempt = 1; !this.closing; attempt += 1) {
      try {
        const client = await this.pool.connect();
        try {
          await runMigrations(client, schema);
        } finally {
          client.release();
        }
        this.prepared = true;
        return;
      } catch (error) {
        if (this.closing) break;
        // Nothing is wrong with a database that its service has yet to create.
        if (attempt > 5) this.report(error as Error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(attempt * 100, this.tuning.reconnectMs)));
      }
    }
    await new Promise<never>(() => undefined); // stopped before it could be used
  }
}
