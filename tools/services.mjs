import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { consoleLog as log, root } from './checkout.mjs';
import { keepRunning } from './keep-running.mjs';
import { ProcessList } from './process-list.mjs';
import { MetricsTargets } from './metrics-targets.mjs';
import { freePort, publicPort } from './ports.mjs';
import { provision, startNats, startRedis } from './provision.mjs';
import { startService } from './service-process.mjs';
import { forgetPreviousMasterKey, masterKey, previousMasterKey, readServicesConfig } from './services-config.mjs';
import { StartupError } from './startup-error.mjs';
import { StopSignal } from './stop-signal.mjs';

const gateway = 'gateway';
const others = ['identity', 'profiles', 'membership', 'workers'];

/** Of the ten seconds in which everything has to end. */
const appsEndWithinMs = 7_000;
const gatewayAloneMs = 4_000;
const serversEndWithinMs = 2_000;
const readyWithinMs = 120_000;

/**
 * npm run start:services: the platform as one process per service over nats-server, Redis and Postgres, watched over
 * until a signal ends it. Returns by ending the process.
 */
export async function runServices() {
  const stop = new StopSignal();
  const { port: wantedPort, host, dataDir } = readServicesConfig();
  const { claimDataFolder, startEmbeddedPostgres } = await import('#libs/platform/database');
  const claim = await claimDataFolder(dataDir);
  const parts = { apps: [], servers: [] };
  stop.onInsist(() => void killAll(parts).finally(() => process.exit(130)));
  try {
    const processes = new ProcessList(join(dataDir, 'processes.json'));
    await processes.endLeftovers(log);
    const port = await publicPort(host, wantedPort);
    const servers = await stop.orFinish(() => startServers(dataDir, startEmbeddedPostgres, parts));
    // One HEALTH_PORT can't be that of four processes on one host: each gets a free one.
    const keys = { previous: previousMasterKey(dataDir), present: masterKey(dataDir) };
    const own = { PORT: String(port), HOST: host, HEALTH_PORT: undefined, ROLLCALL_DATA_DIR: dataDir, ROLLCALL_MASTER_KEY: keys.present, ROLLCALL_MASTER_KEY_PREVIOUS: keys.previous, LOG_FORMAT: logFormat() };
    const env = { ...process.env, ...servers, ...own };
    const targets = new MetricsTargets(join(dataDir, 'metrics-targets.json'));
    await stop.orFinish(async () => {
      await startApps(env, parts, { processes, targets }, urlOf(reachable(host), port));
      if (keys.previous !== undefined) void finishKeyChange(dataDir, keys, targets);
    });
    await stop.orFinish(async () => {
      await claim.announce(urlOf(host, port));
      log.info(`Rollcall is ready: ${urlOf(host, port)}`);
    });
    await stop.whenRequested;
    log.info('Stopping …');
    await stopAll(parts);
    processes.clear();
  } catch (error) {
    await stopAll(parts);
    throw error;
  } finally {
    await claim.release();
  }
  process.exit(0);
}

/** Postgres, NATS and Redis side by side: those that the environment names, or our own in the data folder. */
async function startServers(dataDir, startEmbeddedPostgres, parts) {
  const postgres = async () => {
    if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
    const server = await startEmbeddedPostgres({ dataDir, log });
    parts.servers.push({ name: 'Postgres', stop: () => server.stop(), kill: () => Promise.resolve() });
    return server.url;
  };
  const other = async (name, title, start) => {
    const { url } = await provision(name, { log });
    if (url !== undefined) return url;
    const storeDir = join(dataDir, name);
    const server = await keepRunning(title, (earlier) => start({ storeDir, port: earlier?.port ?? 0, log }), { log });
    parts.servers.push(server);
    return server.url;
  };
  const results = await Promise.allSettled([postgres(), other('nats', 'nats-server', startNats), other('redis', 'redis-server', startRedis)]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const [DATABASE_URL, NATS_URL, REDIS_URL] = results.map((result) => result.value);
  return { DATABASE_URL, NATS_URL, REDIS_URL };
}

async function startApps(env, parts, { processes, targets }, base) {
  let refused;
  const refusal = new Promise((resolve) => (refused = resolve));
  let ready = false;
  const start = async (target) => {
    if (!existsSync(join(root, 'dist', 'apps', target, 'src', 'main.js'))) throw new StartupError(`The service ${target} is not built: delete the folder dist and start again.`);
    const launch = async () => {
      // At every start: somebody may have taken the port of before.
      const healthPort = target === gateway ? undefined : await freePort(env.HOST, 0);
      const run = startService(target, { ...env, HEALTH_PORT: healthPort?.toString() });
      processes.add(target, run.pid);
      targets.set(target, healthPort === undefined ? new URL(base).host : new URL(urlOf(reachable(env.HOST), healthPort)).host);
      return run;
    };
    // A service that says what is wrong with the configuration says it again at every start.
    const isFinal = (run) => {
      const refusedToStart = !ready && run.exitCode() === 1 && run.complaint !== undefined;
      if (refusedToStart) refused(run.complaint);
      return refusedToStart;
    };
    return keepRunning(target, launch, { log, isFinal });
  };
  const orRefusal = async (complaint) => {
    const said = await Promise.race([refusal, complaint]);
    if (said !== undefined) throw new StartupError(said);
  };
  // At the first start the gateway comes last: whoever finds it ready finds demo.json too.
  const isFirst = !existsSync(join(env.ROLLCALL_DATA_DIR, 'demo.json'));
  for (const target of others) parts.apps.push(await start(target));
  if (isFirst) await orRefusal(bootstrap(env));
  parts.apps.unshift(await start(gateway));
  await orRefusal(untilReady(base));
  if (!isFirst) await orRefusal(bootstrap(env));
  ready = true;
}

/** A service that is not ready may have keys that only the master key before opens: then that one stays, and nobody waits for it. */
async function finishKeyChange(dataDir, keys, targets) {
  try {
    for (const [name, host] of targets.entries()) await untilReady(`http://${host}`, name);
    forgetPreviousMasterKey(dataDir, keys);
  } catch (error) {
    log.warn(`The master key before stays in ${join(dataDir, 'master.key.previous')} until the next start: ${error.message}`);
  }
}

async function untilReady(base, name = gateway) {
  let last = 'it does not answer';
  for (const deadline = Date.now() + readyWithinMs; ; await sleep(100)) {
    const response = await fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
    const body = await response?.text().catch(() => '');
    if (response?.status === 200) return;
    if (response !== undefined) last = `it answers ${response.status}: ${body.slice(0, 300)}`;
    if (Date.now() > deadline) throw new StartupError(`${name === gateway ? 'The gateway' : name} was not ready after ${readyWithinMs / 1000} s (${last}): the lines above say why.`);
  }
}

/** The demo organisation and demo.json are made through the running services, by a program that waits for them and ends when it is done. @returns what it complains of */
async function bootstrap(env) {
  const run = startService('bootstrap', env);
  await run.exited;
  return run.exitCode() === 0 ? undefined : (run.complaint ?? `The demo could not be created (exit code ${run.exitCode()}): the lines above say why.`);
}

/** The gateway first, so that no request comes in any more while the services finish what they have. */
async function stopAll({ apps, servers }) {
  const deadline = Date.now() + appsEndWithinMs;
  const left = () => Math.max(deadline - Date.now(), 0);
  const [first, ...rest] = apps;
  const gatewayEnds = first?.stop(left());
  await Promise.race([gatewayEnds, sleep(gatewayAloneMs, undefined, { ref: false })]);
  await Promise.all([gatewayEnds, ...rest.map((app) => app.stop(left()))]);
  await Promise.all(servers.map((server) => server.stop(serversEndWithinMs)));
}

async function killAll({ apps, servers }) {
  await Promise.all([...apps, ...servers].map((part) => part.kill()));
}

/** Where we reach the gateway ourselves: a wildcard is an address to listen on, not one to call. */
function reachable(host) {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

function urlOf(host, port) {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The services write to pipes and can't see that a person reads. */
function logFormat() {
  return process.env.LOG_FORMAT || (process.stdout.isTTY ? 'text' : 'json');
}
