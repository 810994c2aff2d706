import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EmbeddedPostgresLog } from './embedded-postgres.js';
import { settingArguments } from './postgres-settings.js';
import { asUser, type ServiceUser } from './service-user.js';

/** One run of the server on a cluster, from its start to its end. */
export class PostgresProcess {
  /** Settles when the process is gone. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly lastLines: string[] = [];
  private failure: Error | undefined;

  constructor(
    program: string,
    private readonly cluster: string,
    settings: Readonly<Record<string, string>>,
    user: ServiceUser | undefined,
    private readonly log: EmbeddedPostgresLog,
  ) {
    // A process group of its own: the terminal's Ctrl-C must not end Postgres before the application has drained.
    this.child = spawn(program, ['-D', cluster, ...settingArguments(settings)], {
      ...asUser(user),
      cwd: '/',
      detached: true,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        this.failure = error;
        resolve();
      });
      this.child.once('exit', () => resolve());
    });
    if (this.child.stderr !== null) createInterface({ input: this.child.stderr }).on('line', (line) => this.hear(line));
  }

  /** Returns once connections are accepted; crash recovery after a power cut may take its time before. @throws Error with Postgres's own words when it ends instead */
  async waitUntilReady(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let over = false;
    void this.ended.then(() => (over = true));
    while (!(await this.saysReady())) {
      if (over) {
        // The last lines arrive after the exit event.
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw this.failure ?? new Error(this.explanation());
      }
      if (Date.now() > deadline) throw new Error(`it was not ready after ${timeoutMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Fast shutdown, then an immediate one, which costs a recovery at the next start and nothing else. */
  async stop(timeoutMs: number): Promise<void> {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      this.child.kill(signal);
      if (await this.endsWithin(timeoutMs)) return;
    }
  }

  /** For the moment at which this process itself ends and can't wait. */
  abandon(): void {
    this.child.kill('SIGINT');
  }

  private async endsWithin(timeoutMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
    const result = await Promise.race([this.ended.then(() => true), late]);
    clearTimeout(timer);
    return result;
  }

  /** Postgres writes its state to the eighth line of its pid file, which tells without a connection. */
  private async saysReady(): Promise<boolean> {
    const lines = (await readFile(join(this.cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    return Number(lines[0]) === this.child.pid && lines[7]?.trim() === 'ready';
  }

  private hear(line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > 20) this.lastLines.shift();
    // FATAL ends one connection, whose client reports it; PANIC ends them all.
    this.log[line.startsWith('PANIC:') ? 'warn' : 'debug'](`postgres: ${line}`);
  }

  private explanation(): string {
    const grave = this.lastLines.filter((line) => /^(FATAL|PANIC):/.test(line)).at(-1);
    return grave?.replace(/^\w+: +/, '') ?? this.lastLines.at(-1) ?? 'it ended without a word';
  }
}
