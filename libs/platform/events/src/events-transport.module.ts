import { Module, type DynamicModule } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { rpcConfig } from '#libs/platform/rpc';
import { Readiness } from '#libs/platform/telemetry';
import { EventTransport } from './event-transport.js';
import { EventsTuning } from './events-tuning.js';
import { InProcessTransport } from './in-process-transport.js';
import { JetStreamTransport } from './jetstream-transport.js';

/** Provides the transport of events to every service of the process. */
@Module({})
export class EventsTransportModule {
  /** @param tuning times and sizes that differ from the usual ones */
  static register(topology: 'in-process' | 'nats', tuning: Partial<EventsTuning> = {}): DynamicModule {
    const transport =
      topology === 'in-process'
        ? { provide: EventTransport, useFactory: (tuned: EventsTuning) => new InProcessTransport(tuned), inject: [EventsTuning] }
        : {
            provide: EventTransport,
            useFactory: (config: ConfigValues<typeof rpcConfig>, tuned: EventsTuning, readiness: Readiness, logger: Logger) =>
              new JetStreamTransport(config, tuned, readiness, logger),
            inject: [rpcConfig.token, EventsTuning, Readiness, Logger],
          };
    return {
      module: EventsTransportModule,
      global: true,
      providers: [{ provide: EventsTuning, useValue: new EventsTuning(tuning) }, transport],
      exports: [EventsTuning, EventTransport],
    };
  }
}
