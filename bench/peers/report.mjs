import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/checkout.mjs';
import { median } from '../measure/cpu.mjs';
import { machine, tableOf, writeBetween } from '../measure/performance-page.mjs';
import { chart } from './chart.mjs';
import { workloads } from './workloads.mjs';

export const titles = { 'all-in-one': 'all in one', services: 'services', limit: 'the limit', 'better-auth': 'better-auth', 'parse-server': 'parse-server', argon2id: 'argon2id alone' };

const total = (cpuMs) => Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
/** CPU seconds per 1,000 requests, from milliseconds per 1,000. */
const cpu = (ms) => (ms / 1_000).toFixed(2);
const rate = (perSecond) => (perSecond < 100 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString('en'));
const ms = (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

export function printCell(round, contender, workload, { perSecond, p50, p99, errors, cpuMs, rssMiB }) {
  const parts = Object.entries(cpuMs).map(([name, value]) => `${name} ${cpu(value)}`);
  console.log(`${round + 1} ${workload.padEnd(32)} ${contender.padEnd(14)} ${rate(perSecond).padStart(8)}/s  p50 ${ms(p50)} p99 ${ms(p99)} ms  CPU s/1,000: ${cpu(total(cpuMs))} (${parts.join(', ')})  ${Math.round(rssMiB)} MiB${errors > 0 ? `  ${errors} ERRORS` : ''}`);
}

/** Medians of the rounds, and against the limit of the same run. */
export function summarise(cells) {
  const rows = [];
  for (const workload of Object.keys(workloads)) {
    for (const contender of Object.keys(titles)) {
      const rounds = cells.filter((cell) => cell.workload === workload && cell.contender === contender);
      if (rounds.length === 0) continue;
      const of = (value) => median(rounds.map(value));
      const speeds = rounds.map(({ perSecond }) => perSecond);
      const parts = Object.fromEntries(Object.keys(rounds[0].cpuMs).map((part) => [part, of(({ cpuMs }) => cpuMs[part])]));
      rows.push({ workload, contender, perSecond: of(({ perSecond }) => perSecond), least: Math.min(...speeds), most: Math.max(...speeds), p50: of(({ p50 }) => p50), p99: of(({ p99 }) => p99), errors: rounds.reduce((sum, { errors }) => sum + errors, 0), cpuMs: of(({ cpuMs }) => total(cpuMs)), parts, rssMiB: Math.max(...rounds.map(({ rssMiB }) => rssMiB)) });
    }
  }
  for (const row of rows) {
    const limit = rows.find(({ workload, contender }) => workload === row.workload && contender === (row.workload === 'login' && rows.some((one) => one.contender === 'argon2id') ? 'argon2id' : 'limit'));
    row.ratio = limit === undefined ? undefined : row.perSecond / limit.perSecond;
    row.cpuRatio = limit === undefined ? undefined : limit.cpuMs / row.cpuMs;
  }
  return { rows, text: table(rows) };
}

const ratio = (value) => (value === undefined ? '' : value < 0.1 ? value.toFixed(3) : value.toFixed(2));

function table(rows) {
  const head = ['workload', 'contender', 'requests/s (spread)', 'of the limit', 'by CPU time', 'p50, p99 (ms)', 'CPU s/1,000', 'of it server, Postgres, NATS, Redis', 'RSS (MiB)', 'errors'];
  const lines = rows.map(({ workload, contender, perSecond, least, most, ratio: share, cpuRatio, p50, p99, cpuMs, parts, rssMiB, errors }) => [
    workloads[workload],
    titles[contender],
    `${rate(perSecond)} (${rate(least)}–${rate(most)})`,
    ratio(share),
    ratio(cpuRatio),
    `${ms(p50)}, ${ms(p99)}`,
    cpu(cpuMs),
    ['server', 'postgres', 'nats', 'redis'].map((part) => (parts[part] === undefined ? '–' : cpu(parts[part]))).join(', '),
    Math.round(rssMiB),
    errors,
  ]);
  return tableOf(head, lines);
}

/** Puts the table and the chart into docs/performance.md, between their markers. */
export async function writeReport({ rows, text }, { users, rounds, seconds, leftOut }) {
  const run = `${users.toLocaleString('en')} users and ${(users * 10).toLocaleString('en')} events; ${rounds} rounds of ${seconds} s each in turns, 64 connections; ${machine()}`;
  await writeBetween('peers', [run, '', '![Requests per second against the limit](performance-peers.svg)', '', text, ...leftOut.flatMap((line) => ['', `Left out: ${line}`])]);
  await writeFile(join(root, 'docs', 'performance-peers.svg'), chart(rows));
}
