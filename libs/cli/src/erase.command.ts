import { setTimeout as delay } from 'node:timers/promises';
import { appendFile } from 'node:fs/promises';
import { Api } from './api.js';
import { exitCodesText, UsageError, type Command, type ExitCode } from './command.js';
import { findUser } from './find-user.js';
import { connectionHelp, connectionOptions, parseOptions } from './parse-options.js';

const help = `Usage: rollcall erase USER… [options]

Erases users of a project for good. The answer to each is the receipt, which the command waits for; rollcall verify-receipt verifies it.

  USER               id, email or user name

  --no-wait          do not wait for the receipts: the answers are the jobs
  --receipts FILE    append the receipts there, one a line
  --json             answer in JSON, a line for each user
${connectionHelp}  --help

${exitCodesText}`;

const options = { ...connectionOptions, 'no-wait': { type: 'boolean', default: false }, receipts: { type: 'string' } } as const;

interface Erasure {
  job_id: string;
  state: string;
  receipt?: { sequence: number };
}

export const eraseCommand: Command = {
  name: 'erase',
  summary: 'erase users for good, and wait for the receipts',
  help,
  async run(args, terminal): Promise<ExitCode> {
    const { values, positionals } = parseOptions(args, options);
    if (positionals.length === 0) throw new UsageError('Name whom to erase.');
    const api = await Api.open(values, terminal);
    const project = encodeURIComponent(api.projectName());
    let code: ExitCode = 0;
    for (const name of positionals) {
      const user = await findUser(api, name);
      const answer = user === undefined ? undefined : await api.send('DELETE', `/${project}/users/${user.id}`, { expected: [404] });
      if (answer === undefined || answer.status === 404) {
        code = 1;
        await terminal.out(values.json ? `${JSON.stringify({ user: name, state: 'not-found' })}\n` : `${name}: there is no such user.\n`);
        continue;
      }
      const job = await jobOf(api, project, answer.headers.get('x-rollcall-job-id'), !values['no-wait']);
      if (job?.receipt !== undefined && values.receipts !== undefined) await append(values.receipts, job.receipt);
      if (job?.state === 'failed') code = 1;
      await terminal.out(values.json ? `${JSON.stringify({ user: name, ...(job ?? { state: 'role-removed' }) })}\n` : `${name}: ${inWords(job)}.\n`);
    }
    return code;
  },
};

/** @returns undefined for staff, who only lose their role */
async function jobOf(api: Api, project: string, jobId: string | null, wait: boolean): Promise<Erasure | undefined> {
  if (jobId === null) return undefined;
  let job: Erasure = { job_id: jobId, state: 'scheduled' };
  for (let pause = 100; wait && job.state !== 'done' && job.state !== 'failed'; pause = Math.min(pause * 1.5, 2_000)) {
    await delay(pause);
    job = await api.json<Erasure>('GET', `/${project}/erasures/${jobId}`);
  }
  return job;
}

async function append(file: string, receipt: object): Promise<void> {
  await appendFile(file, `${JSON.stringify(receipt)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} can't be written (${error.code ?? 'unknown'}).`);
  });
}

function inWords(job: Erasure | undefined): string {
  if (job === undefined) return 'staff, who lost their role in the project';
  if (job.receipt !== undefined) return `erased, receipt ${job.receipt.sequence}`;
  return `${job.state === 'failed' ? 'the erasure failed' : 'gone, and being erased'}, job ${job.job_id}`;
}
