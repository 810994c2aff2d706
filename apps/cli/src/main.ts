import { cliConfig, runCli } from '#libs/cli';
import { readEnvironment } from '#libs/platform/config';
import { askHidden } from './ask-hidden.js';

const { stdin, stdout, stderr } = process;
// Whoever reads the output may have enough of it, as `head` does.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

const terminal = {
  stdin,
  out: (text: string | Uint8Array) => (stdout.write(text) ? undefined : new Promise<void>((resolve) => void stdout.once('drain', resolve))),
  err: (text: string) => void stderr.write(text),
  isWatched: stderr.isTTY === true,
  ...(stdin.isTTY && stderr.isTTY ? { ask: askHidden } : {}),
  environment: readEnvironment(cliConfig),
};
process.exitCode = await runCli(process.argv.slice(2), terminal);
