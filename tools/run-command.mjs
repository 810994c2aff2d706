import { spawn } from 'node:child_process';
import { root } from './checkout.mjs';

/** Running children; each leads a process group, so that what they start ends with them. */
const running = new Set();
/** They may have servers to end; jest gives its own five seconds. */
const patienceMs = 8_000;
let ending = false;

/**
 * Runs a command to its end.
 *
 * @param {string} command @param {string[]} parameters
 * @param {{ env?: NodeJS.ProcessEnv, limitMs: number, show?: boolean }} options `show`: its output goes where ours goes, else it is collected
 * @returns {Promise<{ ok: boolean, output: string, trouble?: string }>} `trouble`: how it ended, when not well
 */
export async function runCommand(command, parameters, { env = process.env, limitMs, show = false }) {
  if (ending) return new Promise(() => undefined); // the process is about to end: nothing more is begun
  watchSignals(); // before there is a child: a signal in between would leave it behind
  const child = spawn(command, parameters, { cwd: root, env, detached: true, stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  running.add(child);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child, 'SIGTERM');
    setTimeout(() => endGroup(child, 'SIGKILL'), 5_000).unref();
  }, limitMs);
  try {
    const trouble = await new Promise((resolve) => {
      child.once('error', (error) => resolve(error.code === 'ENOENT' ? `${command} was not found` : error.message));
      // Not `close`: a grandchild that outlives it may keep the pipes open.
      child.once('exit', (code, signal) => setTimeout(() => resolve(code === 0 ? undefined : signal === null ? `exit code ${code}` : `signal ${signal}`), show ? 0 : 50));
    });
    return { ok: trouble === undefined, output, trouble: late ? `not finished after ${limitMs / 60_000} minutes` : trouble };
  } finally {
    clearTimeout(timer);
    running.delete(child);
    if (running.size === 0) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, endAll);
  }
}

/** Only while a child runs: afterwards the signals belong to what is started. */
function watchSignals() {
  if (running.size === 0) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, endAll);
}

/** A second signal insists. */
function endAll(signal) {
  const code = signal === 'SIGINT' ? 130 : 143;
  const insist = () => {
    for (const child of running) endGroup(child, 'SIGKILL');
    process.exit(code);
  };
  if (ending) return insist();
  ending = true;
  for (const child of running) endGroup(child, 'SIGTERM');
  setTimeout(insist, patienceMs);
  void Promise.all([...running].map((child) => new Promise((resolve) => child.once('exit', resolve)))).then(insist);
}

function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}
