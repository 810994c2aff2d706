import { runCli } from '#libs/cli';

const terminal = { stdin: process.stdin, out: (text: string) => void process.stdout.write(text), err: (text: string) => void process.stderr.write(text) };
process.exitCode = await runCli(process.argv.slice(2), terminal);
