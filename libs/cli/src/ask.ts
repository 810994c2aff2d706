import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** As a shell says it that was interrupted. */
const interrupted = 130;

/** Asks whoever sits there. @param hidden what they type is not shown */
export async function ask(question: string, hidden: boolean): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? nowhere : process.stderr, terminal: true });
  lines.once('SIGINT', leave);
  if (hidden) process.stderr.write(question);
  try {
    return await lines.question(hidden ? '' : question);
  } catch (error) {
    if ((error as Error).name === 'AbortError') leave(); // Ctrl+D
    throw error;
  } finally {
    lines.close();
    if (hidden) process.stderr.write('\n');
  }
}

/** What the shell says next begins a line of its own. */
function leave(): never {
  process.stderr.write('\n');
  process.exit(interrupted);
}
