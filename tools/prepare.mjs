import { existsSync } from 'node:fs';
import { join } from 'node:path';
import './node-version.mjs';
import { build, isBuilt } from './build.mjs';
import { buildConsole, isConsoleBuilt } from './build-console.mjs';
import { withCheckoutLock } from './checkout-lock.mjs';
import { consoleLog, root } from './checkout.mjs';
import { install, isInstalled } from './install.mjs';
import { StartupError } from './startup-error.mjs';

/** Builds dist where it is not what the sources say; the packages have to be there. Two at a time take turns. */
export async function prepareBuild({ log = consoleLog } = {}) {
  if (isBuilt()) return;
  await withCheckoutLock(
    join(root, 'dist', '.prepare'),
    () => log.info('Another start is building in this checkout; waiting for it …'),
    async () => {
      if (!isBuilt()) await build({ log });
    },
  );
}

/**
 * Makes the checkout ready to run: dependencies as package-lock.json lists them, dist as the sources say. Does nothing,
 * in some milliseconds and without writing, where both are so. Two at a time take turns.
 *
 * @param {{ log?: { info(message: string): void }, dev?: boolean }} [options] `dev`: with what the tests need
 */
export async function prepare({ log = consoleLog, dev = false } = {}) {
  if (!existsSync(join(root, 'libs'))) return; // an image: what it was made of is not in it
  if (isInstalled({ dev }) && isBuilt() && isConsoleBuilt()) return;
  try {
    await withCheckoutLock(
      join(root, 'dist', '.prepare'),
      () => log.info('Another start is installing or building in this checkout; waiting for it …'),
      async () => {
        if (!isInstalled({ dev })) await install({ dev, log });
        // Beside each other: a first start waits for the longer of the two.
        await Promise.all([isBuilt() ? undefined : build({ log }), isConsoleBuilt() ? undefined : buildConsole({ log })]);
      },
    );
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
    throw new StartupError(`Rollcall has to be installed and built, and ${root} can't be written: run npm start once as a user who may write it.`);
  }
}
