import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfig, type ConfigDefinition, type Environment, type ReadConfig } from '#libs/platform/config';
import { databaseConfig } from '#libs/platform/database';
import { StartupError } from '#libs/platform/errors';
import { limitsConfig } from '#libs/platform/limits';
import { createLogger, loggingConfig, NestLogger, type Logger } from '#libs/platform/logging';
import { queueConfig } from '#libs/platform/queue';
import { HandlerRegistry, NatsRpcServer, RpcClient, rpcConfig } from '#libs/platform/rpc';
import { Metrics, Readiness } from '#libs/platform/telemetry';
import { currentTrace, startTracing, tracingConfig, type Report, type Tracing } from '#libs/platform/tracing';
import { listen, mustBeFree } from './http-listener.js';
import { provideLocally, type LocalResources } from './local-resources.js';
import { RootModule } from './root.module.js';
import { runtimeConfig } from './runtime.config.js';
import { startTable, type StartEntry } from './start-table.js';
import type { ConfigReader, Target } from './target.js';
import { serveHealth } from './health-server.js';

/** A started process. */
export interface Running {
  /** Where the HTTP API answers; undefined for a process without one. */
  url: string | undefined;
  dataDir: string;
  logger: Logger;
  /** Calls the services, as any of them does. */
  rpc: RpcClient;
  /** Resolves once every dependency was usable, and all is prepared; rejects with a `StartupError` when one never will be. */
  started: Promise<void>;
  /** Tells a second start on the same data folder where this one answers. */
  announce(): Promise<void>;
  /** Stops accepting, finishes what is in flight, closes everything. */
  stop(): Promise<void>;
}

/** What a process does once everything is usable, before it is ready. */
export type Prepare = (running: Pick<Running, 'url' | 'dataDir' | 'logger' | 'rpc'>) => Promise<void>;

/**
 * Starts the named entry of the start table with the given targets.
 * @param prepare until it is through, `/health/ready` says that the process is not
 * @throws StartupError for everything that the operator can mend
 */
export async function run(name: keyof typeof startTable, targets: readonly Target[], environment: Environment, prepare?: Prepare): Promise<Running> {
  const entry: StartEntry = startTable[name];
  const definitions = [runtimeConfig, loggingConfig, tracingConfig, rpcConfig, databaseConfig, ...(entry.queue === undefined ? [] : [queueConfig]), ...(entry.limits === 'redis' ? [limitsConfig] : []), ...targets.flatMap((target) => target.config)];
  requireUrls(entry, name, environment);
  // Every mistake is told at once, before anything is started; what the all-in-one makes itself is not one.
  const own = read(definitions, name === 'all' ? { ...environment, ROLLCALL_MASTER_KEY: environment['ROLLCALL_MASTER_KEY'] || placeholderKey } : environment);
  const { PORT, HOST, ROLLCALL_DATA_DIR, HEALTH_PORT, HEALTH_TOKEN } = own.reader(runtimeConfig);
  const logging = own.reader(loggingConfig);
  const logger = createLogger({ level: logging.LOG_LEVEL, format: logging.LOG_FORMAT ?? (process.stdout.isTTY ? 'text' : 'json'), service: name, alongside: currentTrace });
  if (entry.http) await mustBeFree(HOST, PORT);
  const tracing = await startTracing(own.reader(tracingConfig), `rollcall-${name}`, tellOfCollector(logger));
  const local: LocalResources | undefined = name === 'all' ? await provideLocally(environment, ROLLCALL_DATA_DIR, logger) : undefined;
  try {
    const config = read(definitions, local?.environment ?? environment);
    for (const { message, explain } of config.warnings) logger.warn({ explain }, message);
    const preparation = new Preparation(prepare);
    const application = await startApplication(entry, targets, config, logger, { host: HOST, port: PORT, healthPort: HEALTH_PORT, healthToken: HEALTH_TOKEN, preparation }, tracing);
    const started = { ...application, dataDir: local?.dataDir ?? ROLLCALL_DATA_DIR, logger };
    return {
      ...started,
      started: application.started.then(() => local?.settle()).then(() => preparation.run(started)),
      announce: async () => {
        if (started.url !== undefined) await local?.announce(started.url);
      },
      stop: async () => {
        logger.info({}, 'Stopping …');
        await started.stop();
        await local?.release();
        await tracing?.stop();
        logger.info({}, 'Stopped.');
      },
    };
  } catch (error) {
    await local?.release();
    await tracing?.stop();
    throw error;
  }
}

/** Without these a service still answers what it can: events and jobs wait in its database. */
const comeLater: ReadonlySet<string> = new Set(['nats', 'jetstream', 'redis']);

/** Stands in for the key that is made later, so that everything else can be checked first. */
const placeholderKey = Buffer.alloc(32).toString('base64');

interface Listening {
  host: string;
  port: number;
  healthPort: number | undefined;
  healthToken: string | undefined;
  preparation: Preparation;
}

/** Nobody should be told to come before what is made at the first start is there: `demo.json`, and who is in it. */
class Preparation {
  private through: boolean;

  constructor(private readonly prepare: Prepare | undefined) {
    this.through = prepare === undefined;
  }

  register(readiness: Readiness): void {
    if (this.prepare === undefined) return;
    readiness.register('preparation', async () => {
      if (!this.through) throw new Error('what the first start makes is not there yet');
    });
  }

  async run(running: Parameters<Prepare>[0]): Promise<void> {
    await this.prepare?.(running);
    this.through = true;
  }
}

async function startApplication(entry: StartEntry, targets: readonly Target[], config: ReadConfig & { reader: ConfigReader }, logger: Logger, at: Listening, tracing: Tracing | undefined) {
  const http = targets.find((target) => target.http !== undefined)?.http;
  const root = RootModule.of(entry, targets, config, logger);
  const options = { logger: new NestLogger(logger), abortOnError: false };
  const app = http === undefined ? await NestFactory.createApplicationContext(root, options) : await NestFactory.create<NestFastifyApplication>(root, http.createAdapter(config.reader), { ...options, bodyParser: false });
  const readiness = app.get(Readiness);
  at.preparation.register(readiness);
  const metrics = app.get(Metrics);
  metrics.watchProcess();
  if (tracing !== undefined) watchTracing(tracing, metrics);
  const stops: (() => Promise<void>)[] = [() => app.close()];
  let url: string | undefined;
  try {
    if (http !== undefined) {
      const web = app as NestFastifyApplication;
      http.configure(web, { config: config.reader, publicUrl: config.reader(runtimeConfig).PUBLIC_URL ?? `http://${at.host}:${at.port}` });
      url = await listen(web, at.host, at.port);
    }
    const registry = app.get(HandlerRegistry);
    if (entry.bus === 'nats' && registry.subjects().length > 0) {
      const queue = targets.map((target) => target.name).join('-');
      // Who can't reach the database yet, or has not read its keys, would answer 503 where another replica could serve.
      const ready = readiness.whenStarted((name) => !comeLater.has(name));
      const server = new NatsRpcServer({ url: config.reader(rpcConfig).NATS_URL, queue, ready }, registry);
      readiness.register(`requests:${queue}`, async () => undefined, server.listening);
      // Not awaited: it listens once there are a bus and a database.
      void server.listen((error?: unknown) => {
        if (error !== undefined && error !== null) logger.error({ err: error }, 'could not listen for messages');
      });
      stops.push(() => server.close());
    }
    if (at.healthPort !== undefined && http === undefined) stops.push(await serveHealth({ readiness, metrics, token: at.healthToken }, at.host, at.healthPort));
  } catch (error) {
    await app.close();
    throw error;
  }
  return {
    url,
    rpc: app.get(RpcClient),
    started: readiness.whenStarted(),
    stop: async () => {
      for (const stop of stops.reverse()) await stop();
    },
  };
}

function read(definitions: readonly ConfigDefinition[], environment: Environment): ReadConfig & { reader: ConfigReader } {
  const config = readConfig(definitions, environment);
  return { ...config, reader: ((definition: ConfigDefinition) => config.values.get(definition.token)) as ConfigReader };
}

/** The addresses that this entry can't do without; the all-in-one brings its own. */
function requireUrls(entry: StartEntry, name: string, environment: Environment): void {
  if (name === 'all') return;
  const variables = { postgres: 'DATABASE_URL', nats: 'NATS_URL', redis: 'REDIS_URL' } as const;
  const missing = entry.needs.map((need) => variables[need]).filter((variable) => !environment[variable]);
  if (missing.length > 0) throw new StartupError(`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set, and ${name} can't run as a service of its own without.`);
}

function tellOfCollector(logger: Logger): Report {
  return (state, fields) => {
    if (state === 'away') logger.warn(fields, 'the collector does not take spans, they are left out until it does');
    else logger.info(fields, 'the collector takes spans again');
  };
}

function watchTracing(tracing: Tracing, metrics: Metrics): void {
  const spans = metrics.gauge('rollcall_trace_spans', 'Spans since the start of the process, by what became of them: made, sent or lost', ['state']);
  metrics.readWhenAsked({
    read: () => {
      const { made, sent, lost } = tracing.figures();
      for (const [state, count] of Object.entries({ made, sent, lost })) spans.set({ state }, count);
    },
  });
}
