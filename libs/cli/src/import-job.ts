import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from './api.js';
import type { Terminal } from './command.js';

/** What a Rollcall tells of an import, as far as the commands use it. */
export interface ImportJob {
  import_id: string;
  type: string;
  dry_run: boolean;
  state: string;
  error: string | null;
  bytes: number;
  bytes_read: number;
  rows: number;
  created: number;
  updated: number;
  skipped: number;
  failed: number;
  finished_at: string | null;
}

const mostPauseMs = 2_000;

export function isOver({ finished_at }: ImportJob): boolean {
  return finished_at !== null;
}

/** Asks until it has ended, also while Rollcall is started anew, and shows whoever watches how far it is. */
export async function waitForImport(api: Api, imports: string, sent: ImportJob, { err, isWatched }: Pick<Terminal, 'err' | 'isWatched'>): Promise<ImportJob> {
  let job = sent;
  for (let pause = 100; !isOver(job); pause = Math.min(pause * 1.5, mostPauseMs)) {
    if (isWatched) err(`\r${job.state}: ${job.bytes === 0 ? 0 : Math.floor((job.bytes_read / job.bytes) * 100)} %, ${job.rows} rows `);
    await delay(pause);
    job = await api.json<ImportJob>('GET', `${imports}/${sent.import_id}`, { repeat: 'patiently' });
  }
  if (isWatched) err('\r\u001b[K');
  return job;
}

export function wordsOf(job: ImportJob): string {
  if (!isOver(job)) return `Import ${job.import_id} is ${job.state}.\n`;
  const { state, error, dry_run, type, rows, created, updated, skipped, failed } = job;
  const end = state === 'done' ? (dry_run ? 'Tried, nothing was written' : 'Done') : `It is ${state}${error === null ? '' : ` (${error})`}`;
  const counts = type === 'events' ? `${created} stored, ${skipped} were there` : `${created} created, ${updated} updated`;
  return `${end}: ${rows} rows, ${counts}, ${failed} failed.\n`;
}
