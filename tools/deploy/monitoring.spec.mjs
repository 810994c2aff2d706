import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';

const folder = join(root, 'deploy/monitoring');
const read = (name) => readFileSync(join(folder, name), 'utf8');
const namesIn = (text) => new Set((text.match(/\brollcall_[a-z_]+/g) ?? []).map((name) => name.replace(/_(bucket|count|sum)$/, '')));

/** What the code makes: the name is always written out where a metric is asked for. */
const made = new Set();
const source = (path) => {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) source(join(path, entry.name));
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('spec.ts')) for (const [, name] of readFileSync(join(path, entry.name), 'utf8').matchAll(/\.(?:gauge|counter|durations)\('(rollcall_[a-z_]+)'/g)) made.add(name);
  }
};
source(join(root, 'libs'));

describe('the files for Prometheus and Grafana', () => {
  it.each(['rules.yml', 'grafana-dashboard.json'])('%s asks for metrics that there are', (file) => {
    expect([...namesIn(read(file))].filter((name) => !made.has(name))).toEqual([]);
  });

  it('ask the dashboard’s sums of the rules that make them', () => {
    const sums = new Set([...read('rules.yml').matchAll(/record: (\S+)/g)].map(([, name]) => name));
    const asked = new Set(read('grafana-dashboard.json').match(/rollcall:[a-z_]+:[a-z0-9]+/g));
    expect([...asked].filter((name) => !sums.has(name))).toEqual([]);
    expect(asked.size).toBeGreaterThan(0);
  });

  it('leave no metric without a word in the documentation, nor name one that is not there', () => {
    const documented = namesIn(readFileSync(join(root, 'docs/operating-metrics.md'), 'utf8'));
    expect([...documented].sort()).toEqual([...made].sort());
  });

  it('give each alert a section that says what to do', () => {
    const alerts = [...read('rules.yml').matchAll(/alert: (\S+)/g)].map(([, name]) => name);
    const text = readFileSync(join(root, 'docs/operating-metrics.md'), 'utf8');
    expect(alerts.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
