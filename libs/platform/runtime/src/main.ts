import { StartupError } from '#libs/platform/errors';
import { migrate } from './migrate.js';
import { keepHeapModest } from './modest-heap.js';
import { run, type Prepare, type Running } from './run.js';
import type { startTable } from './start-table.js';
import type { Target } from './target.js';

/** How long a stop may take before the process ends anyway. */
const stopTimeoutMs = 9_000;
/** npm passes Ctrl-C on to a process that had it from the terminal already: the second within this time is no insisting. */
const sameKeyMs = 1_000;

/**
 * The `main` of every app: starts, says so, and stops on SIGINT, SIGTERM or SIGHUP. What the operator can mend is one
 * sentence on stderr and exit code 1. With the argument `migrate`, a service brings its database up to date and ends.
 * @param prepare runs once everything is usable, before the ready line
 */
export async function main(name: keyof typeof startTable, targets: readonly Target[], prepare?: Prepare): Promise<void> {
  const self = new MainProcess();
  try {
    const [order, ...more] = process.argv.slice(2);
    if (order === 'migrate' && more.length === 0) return await onlyMigrate(targets);
    // All in one, the launcher has looked at what was given.
    if (order !== undefined && name !== 'all') throw new StartupError(`${name} takes no argument but migrate: it is configured by environment variables.`);
    const running = await self.start(() => run(name, targets, process.env, prepare));
    await running.started;
    await running.announce();
    keepHeapModest();
    // Only the all-in-one is Rollcall; a gateway by itself may serve before the others do.
    process.stdout.write(name === 'all' ? `Rollcall is ready: ${String(running.url)}\n` : `Rollcall's ${name} is ready${running.url === undefined ? '' : `: ${running.url}`}\n`);
  } catch (error) {
    await self.fail(error);
  }
}

async function onlyMigrate([target, ...others]: readonly Target[]): Promise<void> {
  if (target === undefined || others.length > 0) throw new StartupError('All in one, databases are brought up to date at the start; migrate is for the services.');
  await migrate(target, process.env);
  process.stdout.write(`The database of ${target.name} is up to date.\n`);
  process.exit(0);
}

class MainProcess {
  private running: Running | undefined;
  private starting: Promise<unknown> = Promise.resolve();
  private stoppingSince: number | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.onSignal());
    process.on('unhandledRejection', (error) => void this.fail(error));
    process.on('uncaughtException', (error) => void this.fail(error));
  }

  async start(work: () => Promise<Running>): Promise<Running> {
    const starting = work();
    this.starting = starting;
    this.running = await starting;
    return this.running;
  }

  /** Ends the process because it can't go on, or never could. */
  async fail(error: unknown): Promise<void> {
    if (error instanceof StartupError) process.stderr.write(`rollcall: ${error.message}\n`);
    else if (this.running !== undefined) this.running.logger.error({ err: error }, 'the process can’t go on');
    else process.stderr.write(`rollcall: could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    await this.stop(1);
  }

  private onSignal(): void {
    if (this.stoppingSince !== undefined) {
      if (Date.now() - this.stoppingSince > sameKeyMs) process.exit(130); // insisted: now
      return;
    }
    void this.stop(0);
  }

  private async stop(code: number): Promise<void> {
    if (this.stoppingSince !== undefined) return;
    this.stoppingSince = Date.now();
    setTimeout(() => process.exit(code || 1), stopTimeoutMs).unref();
    // A half-started process is let come up first: that is quick, and leaves nothing behind.
    await this.starting.catch(() => undefined);
    await this.running?.stop().catch((error: unknown) => this.running?.logger.error({ err: error }, 'could not stop cleanly'));
    process.exit(code);
  }
}
