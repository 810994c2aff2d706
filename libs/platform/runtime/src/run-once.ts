import { NestFactory } from '@nestjs/core';
import { readConfig, type ConfigDefinition } from '#libs/platform/config';
import { StartupError } from '#libs/platform/errors';
import { createLogger, loggingConfig, NestLogger, type Logger } from '#libs/platform/logging';
import { RpcClient, RpcModule, rpcConfig } from '#libs/platform/rpc';
import { Readiness, TelemetryModule } from '#libs/platform/telemetry';
import { PlatformModule } from './platform.module.js';
import { runtimeConfig } from './runtime.config.js';
import type { ConfigReader } from './target.js';

/** What a one-off command works with: it talks to the services as anybody does. */
export interface OneOff {
  rpc: RpcClient;
  config: ConfigReader;
  logger: Logger;
}

/** Runs a command beside the services, over the bus, and ends the process: 0 when it worked, 1 with one sentence when it did not. */
export async function runOnce(name: string, definitions: readonly ConfigDefinition[], work: (context: OneOff) => Promise<void>): Promise<never> {
  try {
    const all = [runtimeConfig, loggingConfig, rpcConfig, ...definitions];
    const config = readConfig(all, process.env);
    const reader = ((definition: ConfigDefinition) => config.values.get(definition.token)) as ConfigReader;
    if (reader(rpcConfig).NATS_URL === undefined) throw new StartupError(`NATS_URL is not set, and ${name} talks to the services over it.`);
    const { LOG_LEVEL, LOG_FORMAT } = reader(loggingConfig);
    const logger = createLogger({ level: LOG_LEVEL, format: LOG_FORMAT ?? (process.stdout.isTTY ? 'text' : 'json'), service: name });
    const root = { module: class OneOffModule {}, imports: [PlatformModule.register(config, logger), TelemetryModule, RpcModule.register('nats')] };
    const app = await NestFactory.createApplicationContext(root, { logger: new NestLogger(logger), abortOnError: false });
    await app.get(Readiness).whenStarted();
    await work({ rpc: app.get(RpcClient), config: reader, logger });
    await app.close();
    process.exit(0);
  } catch (error) {
    const text = error instanceof StartupError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`rollcall: ${text}\n`);
    process.exit(1);
  }
}
