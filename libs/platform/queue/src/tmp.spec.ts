import { it, jest } from '@jest/globals';
import { z } from 'zod';
import { databaseConfig } from '#libs/platform/database';
import { defineJob } from '#libs/platform/messages';
import { Readiness } from '#libs/platform/telemetry';
import { LogRecorder, pause, testApp } from '#libs/platform/testing';
import { Jobs, queueConfig, QueueModule } from './index.js';
import { testStore } from './spec-support/test-store.js';
jest.setTimeout(60_000);
import pg from 'pg';
const emit = pg.Client.prototype.emit;
const traces = new WeakMap<object, string[]>();
for (const m of ['on', 'removeListener', 'removeAllListeners', 'query', 'once'] as const) {
  const orig = (pg.Client.prototype as unknown as Record<string, (...a: unknown[]) => unknown>)[m]!;
  (pg.Client.prototype as unknown as Record<string, unknown>)[m] = function (this: object, ...a: unknown[]) {
    if (m === 'query' || m === 'removeAllListeners' || a[0] === 'error') { const t = traces.get(this) ?? []; traces.set(this, t); t.push(`${m} ${JSON.stringify(a[0])?.slice(0, 80)} ${m === 'query' ? '' : new Error().stack?.split('\n').slice(2, 5).join('|')}`); }
    return orig.apply(this, a);
  };
}
pg.Client.prototype.emit = function (this: pg.Client, ...a: unknown[]) {
  if (a[0] === 'error' && this.listenerCount('error') === 0) process.stderr.write(`NO LISTENER ${String(a[1])} ${(traces.get(this) ?? []).slice(-12).join('\n   ')}\n`);
  return (emit as (...x: unknown[]) => boolean).apply(this, a);
} as never;

const paintJob = defineJob({ name: 'paint', queue: 'works', payload: z.object({ wallId: z.string() }) });
it.each(['redis', 'postgres'] as const)('%s', async (kind) => {
  const store = await testStore(kind);
  const log = new LogRecorder();
  const app = await testApp({ imports: [QueueModule.register(kind, { runs: true })], configs: [queueConfig, databaseConfig], environment: store.environment, log });
  const jobs = app.get(Jobs, { strict: false });
  jobs.handle(paintJob, async () => undefined);
  jobs.schedule({ name: 'sweep', everyMs: 15000 }, async () => undefined);
  jobs.start([]);
  await app.get(Readiness, { strict: false }).whenStarted();
  await pause(2000);
  let c = process.cpuUsage(); await pause(3000); c = process.cpuUsage(c);
  process.stderr.write(`${kind} idle cpu ${(c.user + c.system) / 30000} %\n`);
  const n0 = log.records.length;
  await store.away();
  c = process.cpuUsage(); await pause(5000); c = process.cpuUsage(c);
  process.stderr.write(`${kind} away cpu ${(c.user + c.system) / 50000} % records ${log.records.length - n0}\n`);
  const kinds: Record<string, number> = {};
  for (const r of log.records.slice(n0)) { const k = JSON.stringify((r.err as {message?: string} | undefined)?.message); kinds[k] = (kinds[k] ?? 0) + 1; }
  process.stderr.write(JSON.stringify(kinds) + '\n');
  await store.back();
  await pause(1000);
  const s0 = Date.now(); const n1 = log.records.length; await app.close(); process.stderr.write(`close ${Date.now() - s0}\n${log.records.slice(n1).map((r) => JSON.stringify(r).slice(0, 300)).join('\n')}\n`);
  for (const w of (jobs as unknown as { workers: Record<string, unknown>[] }).workers) process.stderr.write(`worker ${String(w.name)} closing ${String(w.closing)} closed ${String(w.closed)} running ${String(w.running)} waiting ${String(w.waiting)}\n`);
  await pause(500); process.stderr.write(process.getActiveResourcesInfo().join(' ') + '\n');

});
