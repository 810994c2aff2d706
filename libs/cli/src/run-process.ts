import { readEnvironment } from '#libs/platform/config';
import { StartupError } from '#libs/platform/errors';
import { ask } from './ask.js';
import { cliConfig } from './cli.config.js';
import { runCli } from './cli.js';

/** The command that this process was started with, on its own streams. It ends with the exit code of the command. */
export async function runProcess(): Promise<void> {
  const { stdin, stdout, stderr } = process;
  // Whoever reads the output may have enough of it, as `head` does.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  try {
    process.exitCode = await runCli(process.argv.slice(2), {
      stdin,
      out: (text) => (stdout.write(text) ? undefined : new Promise<void>((resolve) => void stdout.once('drain', resolve))),
      err: (text) => void stderr.write(text),
      isWatched: stderr.isTTY,
      ...(stdin.isTTY && stderr.isTTY ? { ask } : {}),
      environment: readEnvironment(cliConfig),
    });
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    stderr.write(`rollcall: ${error.message}\n`);
    process.exitCode = 2;
  }
}
