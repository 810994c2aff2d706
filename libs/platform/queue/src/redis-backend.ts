import type { OnApplicationShutdown } from '@nestjs/common';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import { OpenQueues } from './open-queues.js';
import { OutageLog } from './outage-log.js';
import { QueueBackend, type JobData, type JobProcessor, type WorkerSettings } from './queue-backend.js';
import type { QueueTuning } from './queue-tuning.js';

const prefix = 'rollcall';

/** BullMQ on Redis. Jobs are added over one connection that fails at once while Redis is away; workers have patient ones of their own. */
export class RedisBackend extends QueueBackend implements OnApplicationShutdown {
  private readonly redis: Redis;
  private readonly queues: OpenQueues;
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
    this.queues = new OpenQueues((name) => new Queue(name, { connection: this.redis, prefix }), (error) => this.outages.report(error));
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

  override async worker(name: string, processor: JobProcessor, settings: WorkerSettings): Promise<Worker<JobData, void>> {
    const worker = new Worker<JobData, void>(name, processor, { ...settings, autorun: false, prefix, connection: { url: this.url, ...this.connection(), maxRetriesPerRequest: null } });
    worker.on('error', (error) => this.outages.report(error));
    return worker;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queues.close();
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
