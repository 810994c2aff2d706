import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { root } from './checkout.mjs';

const width = 'membership'.length;
const refusal = /^rollcall: /;

/**
 * Starts one target of the platform as a process of its own. Its lines go to our output under its name (JSON lines as
 * they are: they name their service). The sentence of a refused start is kept for the caller, who may say it once for all.
 *
 * @param {string} target a folder of apps/ @param {Record<string, string | undefined>} env
 * @returns {import('./keep-running.mjs').Run & { exitCode(): number | null }}
 */
export function startService(target, env) {
  const main = join(root, 'dist', 'apps', target, 'src', 'main.js');
  const child = spawn(process.execPath, ['--import', new URL('./end-with-parent.mjs', import.meta.url).href, main], {
    cwd: root,
    env,
    detached: true, // the terminal's Ctrl-C reaches the watching process alone, which ends them in order
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const run = {
    pid: child.pid,
    exited: new Promise((resolve) => child.once('error', resolve).once('close', resolve)).then(() => undefined),
    complaint: undefined,
    exitCode: () => child.exitCode,
    stop: (timeoutMs = 8_000) => end(['SIGTERM', 'SIGKILL'], timeoutMs),
    kill: () => end(['SIGKILL'], 1_000),
  };
  // The gateway says so too, before there is a demo; the platform is ready when the watching process says it.
  forward(child.stdout, process.stdout, target, (line) => line.startsWith('Rollcall is ready'));
  forward(child.stderr, process.stderr, target, (line) => {
    if (!refusal.test(line)) return false;
    run.complaint = line.replace(refusal, '');
    return true;
  });

  async function end(signals, timeoutMs) {
    for (const signal of signals) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      child.kill(signal);
      await Promise.race([run.exited, sleep(timeoutMs, undefined, { ref: false })]);
    }
    await run.exited;
  }
  return run;
}

/** @param {(line: string) => boolean} keep whether a line is not to be shown */
function forward(from, to, target, keep) {
  createInterface({ input: from }).on('line', (line) => {
    if (!keep(line)) to.write(line.startsWith('{') ? `${line}\n` : `${target.padEnd(width)} | ${line}\n`);
  });
}
