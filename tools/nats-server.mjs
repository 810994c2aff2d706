import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.mjs';
import { startLocalServer } from './local-server.mjs';

/** Bytes a message may have, in every topology alike; nats-server's own default is 1 MiB. */
const maxPayload = '8MB';
/** Who vanished without a word gets requests for as long as the server believes in them; by default that is four minutes. */
const noticeTheGone = 'ping_interval: "5s"\nping_max: 2\nwrite_deadline: "5s"\n';

/** @param {import('./provision.d.mts').NatsOptions} options @returns {Promise<import('./provision.d.mts').LocalServer>} */
export function startNats({ cluster, ...options }) {
  const kind = {
    name: 'nats-server',
    protocol: 'nats',
    command: findProgram('nats-server') ?? 'nats-server',
    parameters(port, folder) {
      mkdirSync(join(folder, 'jetstream'), { recursive: true });
      const file = join(folder, 'nats-server.conf');
      const text = (value) => JSON.stringify(value);
      writeFileSync(file, `host: "127.0.0.1"\nport: ${port}\nmax_payload: ${maxPayload}\n${noticeTheGone}jetstream {\n  store_dir: ${text(join(folder, 'jetstream'))}\n}\n${cluster === undefined ? '' : inCluster(cluster)}`);
      return ['--config', file];
    },
    answers,
  };
  return startLocalServer(kind, options);
}

function inCluster({ name, port, routes, monitoringPort }) {
  const addresses = routes.map((route) => `"nats-route://127.0.0.1:${route}"`);
  return `server_name: "${name}"\nhttp: "127.0.0.1:${monitoringPort}"\ncluster {\n  name: "rollcall"\n  listen: "127.0.0.1:${port}"\n  routes: [${addresses.join(', ')}]\n}\n`;
}

/** The server greets with what it can; JetStream is up when it says so. */
function answers(socket) {
  return new Promise((resolve) => {
    let heard = '';
    socket.setEncoding('utf8').on('data', (text) => {
      if (heard === '') socket.write('CONNECT {"verbose":false}\r\nPING\r\n');
      heard += text;
      if (heard.includes('PONG')) resolve(/"jetstream":\s*true/.test(heard));
    });
  });
}
