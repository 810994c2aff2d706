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
        throw new StartupError(`Port ${port} on ${host} is in use by another program: stop it, or set PORT to another one.`);
      case 'EACCES':
        throw new StartupError(`Port ${port} may not be used by this user: set PORT to one above 1023.`);
      default:
        throw new StartupError(`HOST ${host} is not an address of this machine.`);
    }
  }
}
