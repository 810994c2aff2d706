import { findProgram } from './find-program.mjs';
import { startLocalServer } from './local-server.mjs';

/** @param {import('./provision.d.mts').LocalServerOptions} options @returns {Promise<import('./provision.d.mts').LocalServer>} */
export function startRedis(options) {
  const kind = {
    name: 'redis-server',
    protocol: 'redis',
    command: findProgram('redis-server') ?? 'redis-server',
    // A queue must not lose jobs to make room, and keeps them over a restart.
    parameters: (port, folder) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'],
      ...['--maxmemory-policy', 'noeviction', '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    ],
    answers,
  };
  return startLocalServer(kind, options);
}

/** Still `-LOADING …` while it reads its file after a restart. */
function answers(socket) {
  return new Promise((resolve) => {
    socket.setEncoding('utf8').once('data', (text) => resolve(text.startsWith('+PONG')));
    socket.once('connect', () => socket.write('PING\r\n'));
  });
}
