import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics.js';
import { Readiness } from './readiness.js';

@Global()
@Module({
  providers: [
    Metrics,
    {
      provide: Readiness,
      useFactory: (metrics: Metrics) => {
        const readiness = new Readiness();
        const ready = metrics.gauge('rollcall_dependency_ready', 'Whether what this process depends on can be used: 1 or 0', ['dependency']);
        metrics.readWhenAsked({ read: async () => (await readiness.check()).forEach(({ name, ready: is }) => ready.set({ dependency: name }, is ? 1 : 0)), forget: () => ready.reset() });
        return readiness;
      },
      inject: [Metrics],
    },
  ],
  exports: [Metrics, Readiness],
})
export class TelemetryModule {}
