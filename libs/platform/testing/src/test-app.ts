import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readConfig, type ConfigDefinition, type Environment } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { TelemetryModule } from '#libs/platform/telemetry';
import { onCleanUp } from './clean-up.js';
import { LogRecorder } from './log-recorder.js';

@Module({})
class TestAppModule {}

@Module({})
class TestBaseModule {}

export interface TestAppOptions {
  imports: DynamicModule['imports'];
  providers?: DynamicModule['providers'];
  /** Whose values the imports ask for, parsed from `environment`. */
  configs?: readonly ConfigDefinition[];
  environment?: Environment;
  /** Where its log goes; absent: nowhere. */
  log?: LogRecorder;
}

/** Starts an application without HTTP, with what the runtime gives every service: configuration, logger, readiness. Closed after the spec file. */
export async function testApp({ imports = [], providers = [], configs = [], environment = {}, log = new LogRecorder() }: TestAppOptions): Promise<INestApplicationContext> {
  const { values } = readConfig(configs, environment);
  const configProviders = [...values].map(([provide, useValue]) => ({ provide, useValue }));
  const base: DynamicModule = {
    module: TestBaseModule,
    global: true,
    providers: [...configProviders, { provide: Logger, useValue: log.logger }],
    exports: [...values.keys(), Logger],
  };
  const app = await NestFactory.createApplicationContext({ module: TestAppModule, imports: [base, TelemetryModule, ...imports], providers }, { logger: false, abortOnError: false });
  const close = app.close.bind(app);
  let closed: Promise<void> | undefined;
  app.close = () => (closed ??= close());
  onCleanUp(() => app.close());
  return app;
}
