import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ports.mjs';
import { endLeftover, identifyProcess } from './process-identity.mjs';
import { StartupError } from './startup-error.mjs';

/**
 * Starts a server program on 127.0.0.1 with a folder of its own and waits until it answers.
 *
 * @param {object} kind what differs from server to server
 * @param {string} kind.name for people @param {string} kind.protocol of its URL @param {string} kind.command
 * @param {(port: number, folder: string) => string[]} kind.parameters
 * @param {(socket: import('node:net').Socket) => Promise<boolean>} kind.answers asks over a new connection
 * @param {import('./provision.d.mts').LocalServerOptions} options
 * @returns {Promise<import('./provision.d.mts').LocalServer>}
 */
export async function startLocalServer(kind, { port = 0, storeDir, log }) {
  const folder = resolve(storeDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await endServerLeftIn(folder, kind.name, log);
  for (let attempt = 1; ; attempt++) {
    // Asked for a given port too: whoever listens there would answer in our server's place.
    const chosen = await freePort('127.0.0.1', port).catch((error) => {
      throw new StartupError(`${kind.name} did not start: port ${port} of 127.0.0.1 is in use by another program (${error.code}).`);
    });
    const server = launch(kind, chosen, folder, log);
    if (await becomesReady(server, kind)) return server.handle;
    await server.handle.kill();
    // A port that was free a moment ago may be taken by now.
    if (port !== 0 || attempt === 3) throw new StartupError(`${kind.name} did not start on port ${chosen} (${server.lastLines.at(-1) ?? 'it said nothing'}).`);
  }
}

function launch(kind, port, folder, log) {
  // A process group of its own: the terminal's Ctrl-C must not end it before those that use it.
  const child = spawn(kind.command, kind.parameters(port, folder), { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const lastLines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (lastLines.push(line) > 10) lastLines.shift();
      log?.debug(`${kind.name}: ${line}`);
    });
  }
  let gone = false;
  const exited = new Promise((done) => {
    child.once('error', (error) => lastLines.push(error.message) && done());
    child.once('exit', done);
  }).then(() => {
    gone = true;
    process.off('exit', onExit);
  });
  const onExit = () => child.kill('SIGTERM');
  process.once('exit', onExit);
  if (child.pid !== undefined) writeFileSync(pidFile(folder), JSON.stringify(identifyProcess(child.pid) ?? { pid: child.pid }));

  const end = async (signals, timeoutMs) => {
    for (const signal of signals) {
      if (gone) break;
      child.kill(signal);
      await Promise.race([exited, sleep(timeoutMs, undefined, { ref: false })]);
    }
    await exited;
    rmSync(pidFile(folder), { force: true });
  };
  return {
    lastLines,
    port,
    isGone: () => gone,
    handle: {
      url: `${kind.protocol}://127.0.0.1:${port}`,
      port,
      pid: child.pid,
      exited,
      stop: (timeoutMs = 5_000) => end(['SIGTERM', 'SIGKILL'], timeoutMs),
      kill: () => end(['SIGKILL'], 5_000),
    },
  };
}

async function becomesReady(server, kind) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
    if (server.isGone()) return false;
    if (await asks(server.port, kind.answers)) return true;
  }
  return false;
}

async function asks(port, answers) {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(2_000, () => socket.destroy());
  try {
    return await Promise.race([answers(socket), new Promise((resolve) => socket.once('error', () => resolve(false)).once('close', () => resolve(false)))]);
  } finally {
    socket.destroy();
  }
}

/** After `kill -9` of who started it, a server still writes to its folder; two of them would spoil it. */
async function endServerLeftIn(folder, name, log) {
  try {
    const left = JSON.parse(readFileSync(pidFile(folder), 'utf8'));
    if (await endLeftover(left)) log?.info(`Stopped the ${name} that an earlier start left behind (process ${left.pid}).`);
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
  }
}

function pidFile(folder) {
  return join(folder, 'server.pid.json');
}
