import { UsageError, type Command, type ExitCode, type Terminal } from './command.js';
import { verifyReceiptCommand } from './verify-receipt.command.js';

/** One command a line. */
const commands: readonly Command[] = [
  verifyReceiptCommand,
];

/** Runs `rollcall COMMAND …`. @returns the exit code */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    terminal.out(overview());
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    terminal.err(`rollcall: There is no command ${name}. rollcall --help lists them.\n`);
    return 2;
  }
  if (rest.includes('--help')) {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`rollcall ${command.name}: ${error.message} (--help says more)\n`);
    return 2;
  }
}

function overview(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`);
  return `Usage: rollcall COMMAND [options]\n\n${lines.join('\n')}\n\nrollcall COMMAND --help says more about one.\n`;
}
