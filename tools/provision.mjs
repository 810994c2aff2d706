import { consoleLog } from './checkout.mjs';
import { findProgram } from './find-program.mjs';
import { StartupError } from './startup-error.mjs';
import { canInstallPackages, installPackage } from './system-package.mjs';

export { startNats } from './nats-server.mjs';
export { startRedis } from './redis-server.mjs';

/** What the services topology needs beside Postgres, and the browser of the console's tests. Names of packages are Debian's and Homebrew's. */
const programs = {
  nats: { variable: 'NATS_URL', program: 'nats-server', debian: 'nats-server', homebrew: 'nats-server' },
  redis: { variable: 'REDIS_URL', program: 'redis-server', debian: 'redis-server', homebrew: 'redis' },
  chromium: { variable: 'CHROMIUM_PATH', program: 'chromium', others: ['chromium-browser', 'google-chrome', 'google-chrome-stable'], debian: 'chromium', homebrew: '--cask chromium' },
};

/** What provisioning asks of the machine; the specs ask another one. */
const thisMachine = { findProgram, canInstallPackages, installPackage };

/**
 * Finds a server: the one that runs at NATS_URL or REDIS_URL, else its program on this machine, else installs that
 * through the system's package manager where this process may. Of chromium there is only the program, which CHROMIUM_PATH may name.
 *
 * @param {'nats' | 'redis' | 'chromium'} name
 * @returns {Promise<{ url: string } | { command: string }>}
 * @throws StartupError that says what to install or which variable to set
 */
export async function provision(name, { log = consoleLog, machine = thisMachine } = {}) {
  const { variable, program, others = [], debian, homebrew } = programs[name];
  const given = process.env[variable];
  const isServer = variable.endsWith('_URL');
  if (given) return isServer ? { url: given } : { command: given };
  const find = () => [program, ...others].map((each) => machine.findProgram(each)).find((found) => found !== undefined);
  let command = find();
  let reason = '';
  if (command === undefined && machine.canInstallPackages()) {
    const trouble = await machine.installPackage(debian, { log });
    reason = trouble === undefined ? '' : ` and could not be installed (${trouble})`;
    command = find();
  }
  if (command !== undefined) return { command };
  throw new StartupError(
    `The program ${program} is missing${reason}: install it (Debian, Ubuntu: apt-get install ${debian}; macOS: brew install ${homebrew}), or set ${variable} to ${isServer ? 'a server that runs' : 'one that is elsewhere'}.`,
  );
}
