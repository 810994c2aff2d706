import { createServer } from 'node:net';
import { StartupError } from './startup-error.mjs';

/** The port, when it is free at this moment, or any free one for 0. @throws Error with the system's code */
export function freePort(host, port) {
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
        throw new StartupError(`The port ${port} of ${host} is in use by another program: stop that one, or set PORT to another (0: any free one).`);
      case 'EACCES':
        throw new StartupError(`The port ${port} of ${host} may be used by root only: set PORT to one from 1024.`);
      default:
        throw new StartupError(`HOST is wrong: this machine has no address ${host} to listen on (${error.code}).`);
    }
  }
}
