import type { OnApplicationShutdown } from '@nestjs/common';
import { FlowProducer, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import { OpenOnce } from './open-once.js';
import { OutageLog } from './outage-log.js';
import { QueueBackend, type JobData, type JobProcessor, type WorkerSettings } from './queue-backend.js';
import type { QueueTuning } from './queue-tuning.js';

const prefix = 'rollcall';

/** BullMQ on Redis. Jobs are added over one connection that fails at once while Redis is away; workers have patient ones of their own. */
export class RedisBackend extends QueueBackend implements OnApplicationShutdown {
  private readonly redis: Redis;
  private readonly queues: OpenOnce<Queue<JobData, void>>;
  private readonly producers: OpenOnce<FlowProducer>;
  private readonly outages: OutageLog;
  private readonly started: Promise<void>;
  private readonly url: string;

  constructor(
    url: string | undefined,
    private readonly tuning: QueueTuning,
    logger: Logger,
  ) {
    super();
    if (url === undefined) throw new StartupError('REDIS_URL is not set: it must be a redis:// or rediss:// address.');
    this.url = url;
    this.outages = new OutageLog('redis', logger);
    this.redis = new Redis(url, { ...this.connection(), enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: tuning.addTimeoutMs });
    this.redis.on('error', (error: Error) => this.outages.report(error));
    this.started = new Promise((resolve) => this.redis.once('ready', () => resolve()));
    const report = (error: Error) => this.outages.report(error);
    this.queues = new OpenOnce((name) => new Queue<JobData, void>(name, { connection: this.redis, prefix }), report);
    this.producers = new OpenOnce(() => new FlowProducer({ connection: this.redis, prefix }), report);
  }

  override get available(): boolean {
    return this.redis.status === 'ready';
  }

  override whenStarted(): Promise<void> {
    return this.started;
  }

  override async check(): Promise<void> {
    if (!this.available) throw new Error('out of reach');
    await this.redis.ping();
  }

  override queue(name: string): Promise<Queue<JobData, void>> {
    return this.queues.get(name);
  }

  override flows(): Promise<FlowProducer> {
    return this.producers.get('flows');
  }

  override async worker(name: string, processor: JobProcessor, settings: WorkerSettings): Promise<Worker<JobData, void>> {
    const worker = new Worker<JobData, void>(name, processor, { ...settings, autorun: false, prefix, connection: { url: this.url, ...this.connection(), maxRetriesPerRequest: null } });
    worker.on('error', (error) => this.outages.report(error));
    return worker;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.queues.close(), this.producers.close()]);
    this.redis.disconnect();
  }

  private connection() {
    return {
      connectTimeout: 3_000,
      keepAlive: 10_000,
      retryStrategy: (attempt: number) => Math.min(attempt * 100, this.tuning.reconnectMs),
    };
  }
}
