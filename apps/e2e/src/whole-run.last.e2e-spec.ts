import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as contracts from '#libs/contracts';
import { checkoutFolder } from '#libs/platform/testing';
import { api, platform, running } from './platform-under-test.js';

/** Words of the code: no id, no address, nothing that a client can make up. */
const word = /^[a-z][a-z-]*(\.[a-z][a-z-]*)*$/;
const databases = ['identity', 'profiles', 'membership', 'operations'];
const isOneOf = (...values: string[]) => (value: string) => values.includes(value);

async function namedIn(document: string, pattern: RegExp): Promise<Set<string>> {
  const text = await readFile(join(checkoutFolder, 'docs', document), 'utf8');
  return new Set([...text.matchAll(pattern)].map((match) => match[1] as string));
}

function subjects(): Set<string> {
  const found = new Set<string>();
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 3) return;
    const { subject } = value as { subject?: unknown };
    if (typeof subject === 'string') found.add(subject);
    for (const inner of Object.values(value)) walk(inner, depth + 1);
  };
  walk({ ...contracts }, 0);
  return found;
}

describe('after everything that the specs before this one did', () => {
  it('labels of figures have values of the code alone, in every process', async () => {
    const codes = await namedIn('error-codes.md', /^\| `([a-z-]+)`/gm);
    const openApi = (await api.get('/openapi.json')).body as { paths: Record<string, unknown> };
    const routes = new Set(Object.keys(openApi.paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1')));
    const known = subjects();
    expect([codes.size > 50, routes.size > 100, known.size > 100]).toEqual([true, true, true]);
    const may: Record<string, (value: string) => boolean> = {
      surface: isOneOf('environment', 'engagement', 'project', 'admin', 'deployment', 'oauth', 'console', 'none'),
      method: isOneOf('GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'any'),
      route: (value) => value === 'none' || routes.has(value),
      status: (value) => value === 'none' || /^[1-5]\d\d$/.test(value),
      subject: (value) => known.has(value) || /^[a-z]+\.health\.check$/.test(value),
      outcome: (value) => codes.has(value) || isOneOf('ok', 'handled', 'retry', 'given-up', 'done', 'waiting', 'failed')(value),
      service: isOneOf(...databases, 'workers', 'gateway'),
      database: isOneOf(...databases),
      consumer: (value) => word.test(value),
      queue: (value) => word.test(value),
      job: (value) => word.test(value),
      schedule: (value) => word.test(value),
      state: (value) => word.test(value),
      from: isOneOf('replica', 'primary'),
      dependency: (value) => /^[a-z-]+(:[a-z-]+)?$/.test(value),
      le: (value) => /^(\+Inf|\d+(\.\d+)?)$/.test(value),
      quantile: (value) => /^0\.\d+$/.test(value),
      type: (value) => /^[A-Za-z]+$/.test(value),
      kind: (value) => word.test(value),
      space: (value) => /^[a-z_]+$/.test(value),
      version: (value) => value === process.version,
      major: (value) => /^\d+$/.test(value),
      minor: (value) => /^\d+$/.test(value),
      patch: (value) => /^\d+$/.test(value),
    };
    const strange = new Set<string>();
    const series: Record<string, number> = {};
    for (const { process: name, text } of await running.readMetrics()) {
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      series[name] = lines.length;
      for (const line of lines) {
        for (const [, label, value] of line.slice(0, line.lastIndexOf(' ')).matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)) if (may[label!]?.(value!) !== true) strange.add(`${name} ${label!}=${value!}`);
      }
    }
    expect([...strange]).toEqual([]);
    // All in one has those of every service and route, with what each of them has answered here: some 22,000.
    expect(Object.entries(series).filter(([, lines]) => lines > 50_000)).toEqual([]);
  });

  if (platform.topology === 'services') {
    it('no statement that a service ran left out whose rows it meant, but for background work', async () => {
      const { code, stdout, stderr } = await running.runTool('deploy/recorded-statements');
      expect([code, stderr]).toEqual([0, '']);
      const recorded = JSON.parse(stdout) as Record<string, { recorded: number; keyless: string[] }>;
      expect(Object.entries(recorded).map(([service, { recorded: statements }]) => [service, statements > 20])).toEqual([['identity', true], ['profiles', true], ['workers', true]]);
      expect(Object.entries(recorded).flatMap(([service, { keyless }]) => keyless.map((text) => [service, text]))).toEqual([]);
    });
  }
});
