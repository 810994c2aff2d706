import { CommandFailure, UsageError, type Command, type ExitCode, type Terminal } from './command.js';
import { eraseCommand } from './erase.command.js';
import { exportCommand } from './export.command.js';
import { importCommand } from './import.command.js';
import { loginCommand } from './login.command.js';
import { logoutCommand } from './logout.command.js';
import { sessionsCommand } from './sessions.command.js';
import { usersCommand } from './users.command.js';
import { verifyReceiptCommand } from './verify-receipt.command.js';

/** Of the package that the commands are published as. */
const version = '0.1.0';

/** One command a line. */
const commands: readonly Command[] = [
  loginCommand,
  logoutCommand,
  usersCommand,
  importCommand,
  exportCommand,
  eraseCommand,
  sessionsCommand,
  verifyReceiptCommand,
];

/** Runs `rollcall COMMAND …`. @returns the exit code */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === '--version') {
    await terminal.out(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const about = commands.find((one) => one.name === rest[0]);
    await terminal.out(about === undefined ? overview() : about.help);
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    terminal.err(`rollcall: There is no command ${name}. rollcall --help lists them.\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    await terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    terminal.err(rest.includes('--json') ? `${JSON.stringify(inJson(command, error))}\n` : `rollcall ${command.name}: ${error.message}${error instanceof UsageError ? ' (--help says more)' : ''}\n`);
    return error.exitCode;
  }
}

function inJson({ name }: Command, { message, exitCode, facts: { code, requestId, errors } }: CommandFailure): object {
  return { error: { command: name, message, exit_code: exitCode, code: code ?? null, request_id: requestId ?? null, errors: errors ?? [] } };
}

function overview(): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`);
  return `Usage: rollcall COMMAND [options]\n\n${lines.join('\n')}\n\nrollcall COMMAND --help says more about one, rollcall --version which version this is.\n`;
}
