import { CommandFailure, UsageError, type Command, type ExitCode, type Terminal } from './command.js';
import { eraseCommand } from './erase.command.js';
import { exportCommand } from './export.command.js';
import { importCommand } from './import.command.js';
import { loginCommand, logoutCommand } from './login.command.js';
import { usersCommand } from './users.command.js';
import { verifyReceiptCommand } from './verify-receipt.command.js';

/** One command a line. */
const commands: readonly Command[] = [
  loginCommand,
  logoutCommand,
  usersCommand,
  importCommand,
  exportCommand,
  eraseCommand,
  verifyReceiptCommand,
];

/** Runs `rollcall COMMAND …`. @returns the exit code */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    await terminal.out(overview());
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    terminal.err(`rollcall: There is no command ${name}. rollcall --help lists them.\n`);
    return 2;
  }
  if (rest.includes('--help')) {
    await terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    terminal.err(`rollcall ${command.name}: ${error.message}${error instanceof UsageError ? ' (--help says more)' : ''}\n`);
    return error.exitCode;
  }
}

function overview(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`);
  return `Usage: rollcall COMMAND [options]\n\n${lines.join('\n')}\n\nrollcall COMMAND --help says more about one.\n`;
}
