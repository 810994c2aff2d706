import type { INestApplicationContext } from '@nestjs/common';
import { z } from 'zod';
import { databaseConfig } from '#libs/platform/database';
import { defineJob, type AnyJobType } from '#libs/platform/messages';
import { Readiness } from '#libs/platform/telemetry';
import { LogRecorder, testApp } from '#libs/platform/testing';
import { JobQueue, Jobs, queueConfig, QueueModule, type QueueTuning } from '../index.js';
import type { TestStore } from './test-store.js';

export const paintJob = defineJob({ name: 'paint', queue: 'works', payload: z.object({ wallId: z.string() }) });

export const context = { requestId: 'req-1' };

/** As the platform runs, only sooner. */
export const soon: Partial<QueueTuning> = { lockMs: 600, stalledCheckMs: 150, firstRetryMs: 20, longestRetryMs: 60, attempts: 4, reconnectMs: 200, upkeepMs: 250 };

/** A process that adds jobs and runs them. */
export class Process {
  private static readonly open = new Set<Process>();

  private constructor(
    readonly app: INestApplicationContext,
    readonly log: LogRecorder,
  ) {}

  static async start(store: TestStore, prepare: (jobs: Jobs) => void = () => undefined, tuning: Partial<QueueTuning> = {}, expected: readonly AnyJobType[] = [], only?: readonly string[]): Promise<Process> {
    const log = new LogRecorder();
    const app = await testApp({
      imports: [QueueModule.register(store.kind, { runs: true, tuning: { ...soon, ...tuning }, ...(only === undefined ? {} : { only }) })],
      configs: [queueConfig, databaseConfig],
      environment: store.environment,
      log,
    });
    const jobs = app.get(Jobs, { strict: false });
    prepare(jobs);
    jobs.start(expected);
    const started = new Process(app, log);
    Process.open.add(started);
    return started;
  }

  /** What a test that failed has left would be at work in the next ones. */
  static async closeAll(): Promise<void> {
    for (const left of Process.open) await left.close();
  }

  get queue(): JobQueue {
    return this.app.get(JobQueue, { strict: false });
  }

  get readiness(): Readiness {
    return this.app.get(Readiness, { strict: false });
  }

  async ready(): Promise<this> {
    await this.readiness.whenStarted();
    return this;
  }

  close(): Promise<void> {
    Process.open.delete(this);
    return this.app.close();
  }
}
