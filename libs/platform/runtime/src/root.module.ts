import { Module, type DynamicModule } from '@nestjs/common';
import type { ReadConfig } from '#libs/platform/config';
import { allInOneProcess } from '#libs/platform/database';
import { EventsTransportModule } from '#libs/platform/events';
import { LimitsModule } from '#libs/platform/limits';
import type { Logger } from '#libs/platform/logging';
import { QueueModule } from '#libs/platform/queue';
import { RpcModule } from '#libs/platform/rpc';
import { HealthReport, TelemetryModule } from '#libs/platform/telemetry';
import { healthMessages, OwnHealthReport, PlatformHealthReport } from './health.js';
import { PlatformModule } from './platform.module.js';
import type { StartEntry } from './start-table.js';
import type { Target } from './target.js';

/** One process: the platform in the chosen topology, and the targets that run on it. */
@Module({})
export class RootModule {
  static of(entry: StartEntry, targets: readonly Target[], config: ReadConfig, logger: Logger): DynamicModule {
    const inProcess = entry.bus === 'in-process';
    const storesEvents = entry.needs.includes('postgres');
    return {
      module: RootModule,
      global: true,
      imports: [
        PlatformModule.register(config, logger),
        TelemetryModule,
        RpcModule.register(entry.bus),
        ...(storesEvents ? [EventsTransportModule.register(entry.bus)] : []),
        ...(entry.queue === undefined ? [] : [QueueModule.register(entry.queue, { runs: true, ...(entry.runsOnly === undefined ? {} : { only: entry.runsOnly }) })]),
        ...(entry.limits === undefined ? [] : [LimitsModule.register(entry.limits)]),
        ...targets.map((target) => target.module),
      ],
      providers: [
        { provide: allInOneProcess, useValue: inProcess },
        { provide: HealthReport, useClass: inProcess ? OwnHealthReport : PlatformHealthReport },
        ...(inProcess ? [] : targets.filter((target) => target.http === undefined).map((target) => healthMessages(target.name))),
      ],
      exports: [HealthReport, allInOneProcess],
    };
  }
}
