import { appendFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Api } from './api.js';
import { CommandFailure, exitCodesText, UsageError, unusableFile, type Command, type ExitCode, type Terminal } from './command.js';
import { findUser } from './find-user.js';
import { connectionHelp, connectionOptions, parseOptions } from './parse-options.js';

const help = `Usage: rollcall erase USER… [options]

Erases users of a project for good. They are gone when their names are read here; the command then waits for the receipts, which
rollcall verify-receipt verifies.

  USER               your id of them, ours, their email or user name; - for standard input, one a line

  --yes              do not ask first; where nobody sits there, nobody is asked
  --no-wait          do not wait for the receipts
  --receipts FILE    append the receipts there, one a line
  --json             answer in JSON, a line for each user
${connectionHelp}  --help

${exitCodesText}`;

const options = { ...connectionOptions, yes: { type: 'boolean', default: false }, 'no-wait': { type: 'boolean', default: false }, receipts: { type: 'string' } } as const;

/** `gone`: nobody sees them any more, and there is no receipt yet. */
interface Erasure {
  user: string;
  state: 'not-found' | 'refused' | 'role-removed' | 'gone' | 'scheduled' | 'running' | 'done' | 'failed';
  job_id?: string;
  receipt?: { sequence: number };
  /** Why it was refused. */
  message?: string;
}

const mostPauseMs = 2_000;

export const eraseCommand: Command = {
  name: 'erase',
  summary: 'erase users for good, and wait for the receipts',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseOptions(args, options);
    const names = positionals.length === 1 && positionals[0] === '-' ? linesOf(await text(terminal.stdin)) : positionals;
    if (names.length === 0) throw new UsageError('Name whom to erase.');
    const api = await Api.open(values, terminal);
    const project = encodeURIComponent(api.projectName());
    if (!values.yes && !(await isMeant(names, api, terminal))) return 1;
    // Where it can't be written to is better known before than after.
    if (values.receipts !== undefined) await append(values.receipts, '');
    const tell = (erasure: Erasure) => terminal.out(values.json ? `${JSON.stringify(erasure)}\n` : `${erasure.user}: ${inWords(erasure)}.\n`);
    const erasures: Erasure[] = [];
    const codes: ExitCode[] = [0];
    try {
      for (const name of names) erasures.push(await erase(api, project, name));
      for (const [place, one] of erasures.entries()) {
        const erasure = one.job_id === undefined || values['no-wait'] ? one : await waitFor(api, project, one);
        erasures[place] = erasure;
        if (values.receipts !== undefined && erasure.receipt !== undefined) await append(values.receipts, `${JSON.stringify(erasure.receipt)}\n`);
        await tell(erasure);
        codes.push(codeOf(erasure));
      }
    } catch (error) {
      // Who is gone by then is told all the same.
      for (const one of erasures.slice(codes.length - 1)) await tell(one);
      throw error;
    }
    return codes.reduce((worst, code) => (code > worst ? code : worst));
  },
};

function codeOf({ state }: Erasure): ExitCode {
  if (state === 'refused') return 4;
  return state === 'failed' || state === 'not-found' ? 1 : 0;
}

function linesOf(names: string): string[] {
  return names.split(/\r?\n/).map((name) => name.trim()).filter((name) => name !== '');
}

async function isMeant(names: readonly string[], api: Api, { ask }: Terminal): Promise<boolean> {
  if (ask === undefined) return true;
  const whom = names.length === 1 ? names[0]! : `${names.length} users`;
  return /^y(es)?$/i.test((await ask(`Erase ${whom} of ${api.projectName()} for good? (yes) `, false)).trim());
}

async function erase(api: Api, project: string, name: string): Promise<Erasure> {
  const user = await findUser(api, name);
  if (user === undefined) return { user: name, state: 'not-found' };
  const answer = await api.send('DELETE', `/${project}/users/${user.user_id}`, { expected: [404], repeat: 'briefly' }).catch((error: unknown) => {
    if (error instanceof CommandFailure && error.exitCode === 4) return error.message;
    throw error;
  });
  if (typeof answer === 'string') return { user: name, state: 'refused', message: answer };
  if (answer.status === 404) return { user: name, state: 'not-found' };
  const jobId = answer.headers.get('x-rollcall-job-id');
  return jobId === null ? { user: name, state: 'role-removed' } : { user: name, state: 'gone', job_id: jobId };
}

async function waitFor(api: Api, project: string, { user, job_id: jobId }: Erasure): Promise<Erasure> {
  for (let pause = 100; ; pause = Math.min(pause * 1.5, mostPauseMs)) {
    await delay(pause);
    const { job_id, state, receipt } = await api.json<Required<Erasure>>('GET', `/${project}/erasures/${jobId}`, { repeat: 'patiently' });
    if (state === 'done' || state === 'failed') return { user, job_id, state, receipt };
  }
}

async function append(file: string, receipt: string): Promise<void> {
  await appendFile(file, receipt).catch((error: unknown) => {
    throw unusableFile(file, 'written', error);
  });
}

function inWords({ state, job_id: jobId, receipt, message }: Erasure): string {
  if (message !== undefined) return `refused. ${message.replace(/\.$/, '')}`;
  if (state === 'not-found') return 'there is no such user';
  if (state === 'role-removed') return 'staff, who lost their role in the project';
  if (receipt !== undefined) return `erased, receipt ${receipt.sequence}`;
  return `${state === 'failed' ? 'the erasure failed' : 'gone, and being erased'}, job ${jobId}`;
}
