import { freePort, RunningPlatform } from '../../dist/libs/platform/testing/src/index.js';

/** Starts one platform for all specs of the run; what they need of it travels in the environment of the workers. */
export default async function globalSetup() {
  const topology = process.env.ROLLCALL_TOPOLOGY ?? 'all-in-one';
  const ssoPort = await freePort(); // a spec's identity provider listens there, and the operator has to allow it by name
  const webhookPort = await freePort(); // and a spec's receiver of webhooks there
  const tracePort = await freePort(); // and the collector of a spec's traces there
  const platform = await RunningPlatform.start(topology, {
    WEBHOOK_INSIDE_ORIGINS: `http://127.0.0.1:${webhookPort}`,
    SSO_INSIDE_ISSUERS: `http://127.0.0.1:${ssoPort}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${tracePort}`,
    OTEL_TRACES_SAMPLER_ARG: '0', // none, but for requests that bring a trace of their own
    TRUSTED_PROXIES: '127.0.0.1', // a spec is a proxy, whose clients have addresses of their own
    RATE_LIMIT_PER_CALLER: '1000000', // nobody reaches them, and every request is counted
    RATE_LIMIT_PER_ADDRESS: '1000000',
  }, undefined, topology === 'services');
  globalThis.rollcall = platform;
  try {
    process.env.ROLLCALL_UNDER_TEST = JSON.stringify({ topology, faults: process.env.ROLLCALL_FAULTS ?? 'short', faultsReport: process.env.ROLLCALL_FAULTS_REPORT, url: platform.url, dataDir: platform.dataDir, databaseUrl: await platform.databaseUrl(), demo: await platform.demo(), ssoPort, webhookPort, tracePort });
  } catch (error) {
    await platform.stop(); // jest tears down nothing whose set-up failed
    throw error;
  }
}
