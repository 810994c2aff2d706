// A process of its own, since Node.js reads NODE_EXTRA_CA_CERTS at its start: what a gateway and the workers do with Redis.
// Beside its log it writes lines `{ redis, limits, jobs }`: what /health/ready would say, whether requests are counted, how many jobs ran.
import { setTimeout as pause } from 'node:timers/promises';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import { readConfig } from '#libs/platform/config';
import { limitsConfig, LimitsModule, RequestCounter } from '#libs/platform/limits';
import { createLogger, Logger } from '#libs/platform/logging';
import { defineJob } from '#libs/platform/messages';
import { JobQueue, Jobs, queueConfig, QueueModule } from '#libs/platform/queue';
import { Readiness, TelemetryModule } from '#libs/platform/telemetry';

@Module({})
class BaseModule {}

@Module({})
class SpecModule {}

const job = defineJob({ name: 'probe', queue: 'probes', payload: z.object({ turn: z.number() }) });
const { values } = readConfig([queueConfig, limitsConfig], process.env);
const logger = createLogger({ level: 'info', format: 'json', service: 'spec' });
const base: DynamicModule = {
  module: BaseModule,
  global: true,
  providers: [...[...values].map(([provide, useValue]) => ({ provide, useValue })), { provide: Logger, useValue: logger }],
  exports: [...values.keys(), Logger],
};
const imports = [base, TelemetryModule, QueueModule.register('redis', { runs: true }), LimitsModule.register('redis')];
const app = await NestFactory.createApplicationContext({ module: SpecModule, imports }, { logger: false });
let ran = 0;
const jobs = app.get(Jobs, { strict: false });
jobs.handle(job, async () => void (ran += 1));
jobs.start([job]);

for (let turn = 0; ; turn += 1) {
  const [redis] = await app.get(Readiness).check();
  const taken = await app.get(RequestCounter, { strict: false }).take([{ policy: 'caller', key: 'spec', limit: 1_000_000 }]);
  if (redis!.ready) await app.get(JobQueue, { strict: false }).add(job, { turn }, { requestId: 'spec' }, { jobId: `probe-${turn}` }).catch(() => undefined);
  process.stdout.write(`${JSON.stringify({ redis, limits: taken !== undefined, jobs: ran })}\n`);
  await pause(300);
}
