import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { StartupError } from './startup-error.mjs';

/** Below those that systems hand out by themselves (Linux from 32,768, others from 49,152): between our look and the start of who is to listen there, nobody gets it by chance. */
const anyPort = { from: 20_000, to: 32_767 };

/** The port, when it is free at this moment, or any free one for 0. @throws Error with the system's code */
export async function freePort(host, port) {
  for (let attempt = 1; port === 0 && attempt <= 20; attempt += 1) {
    const chance = randomInt(anyPort.from, anyPort.to + 1);
    try {
      return await listenOnce(host, chance);
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
  return listenOnce(host, port);
}

function listenOnce(host, port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}

/** The same for the port that the operator chose. @throws StartupError when nothing can listen there */
export async function publicPort(host, port) {
  try {
    return await freePort(host, port);
  } catch (error) {
    switch (error.code) {
      case 'EADDRINUSE':
        throw new StartupError(`Port ${port} on ${host} is in use by another program: stop it, or set PORT to another one.`);
      case 'EACCES':
        throw new StartupError(`Port ${port} may not be used by this user: set PORT to one above 1023.`);
      default:
        throw new StartupError(`HOST ${host} is not an address of this machine.`);
    }
  }
}
