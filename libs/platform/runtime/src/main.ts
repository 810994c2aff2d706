import { StartupError } from '#libs/platform/errors';
import { run, type Running } from './run.js';
import type { startTable } from './start-table.js';
import type { Target } from './target.js';

/** How long a stop may take before the process ends anyway. */
const stopTimeoutMs = 9_000;

/**
 * The `main` of every app: starts, says so, and stops on SIGINT or SIGTERM. What the operator can mend is one sentence
 * on stderr and exit code 1.
 * @param onReady runs once everything is usable, before the ready line
 */
export async function main(name: keyof typeof startTable, targets: readonly Target[], onReady: (running: Running) => Promise<void> = async () => undefined): Promise<void> {
  let running: Running | undefined;
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) process.exit(code || 130); // asked twice: now
    stopping = true;
    const timer = setTimeout(() => process.exit(code || 1), stopTimeoutMs);
    timer.unref();
    await running?.stop().catch((error: unknown) => running?.logger.error({ err: error }, 'could not stop cleanly'));
    process.exit(code);
  };
  const fail = (error: unknown): Promise<void> => {
    if (error instanceof StartupError) process.stderr.write(`rollcall: ${error.message}\n`);
    else if (running !== undefined) running.logger.error({ err: error }, 'the process can’t go on');
    else process.stderr.write(`rollcall: could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return stop(1);
  };
  let starting: Promise<Running> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A half-started process is let come up first: that is quick, and leaves nothing behind.
      void (running === undefined ? (starting ?? Promise.resolve()).then(() => stop(0), () => undefined) : stop(0));
    });
  }
  process.on('unhandledRejection', (error) => void fail(error));
  process.on('uncaughtException', (error) => void fail(error));
  try {
    starting = run(name, targets, process.env);
    running = await starting;
    await running.started;
    await onReady(running);
    process.stdout.write(running.url === undefined ? `Rollcall ${name} is ready\n` : `Rollcall is ready: ${running.url}\n`);
  } catch (error) {
    await fail(error);
  }
}
