// npm run rotate-data-keys [-- SERVICE…]: has every service keep what it seals from now on, and what it has sealed, under a key that nobody has seen
import './node-version.mjs';
import { randomUUID } from 'node:crypto';

const { runOrExplain, StartupError } = await import('./startup-error.mjs');

await runOrExplain(async () => {
  const { prepare } = await import('./prepare.mjs');
  const { readServicesConfig } = await import('./services-config.mjs');
  await prepare({ log: { info: (message) => console.error(message) } });
  const { openServer, services } = await import('./backup/databases.mjs');
  const { rotateDataKey } = await import('./rotate-data-key.mjs');

  const named = process.argv.slice(2);
  const strange = named.find((one) => !services.includes(one));
  if (strange !== undefined) throw new StartupError(`There is no service ${strange} with a database: name some of ${services.join(', ')}, or none for all.`);
  const { dataDir } = readServicesConfig();
  const server = await openServer(dataDir, { mayRun: true });
  const requestId = `rotate-data-keys-${randomUUID()}`;
  try {
    for (const service of named.length === 0 ? services : named) {
      const added = await rotateDataKey(server.url, service, { dataDir, requestId });
      console.log(added ? `${service} has a new data key.` : `${service} has one that was made a moment ago.`);
    }
    console.log('Processes of Rollcall use it a minute from now, and seal anew what they keep: the log says so (what is sealed is under the newest data key).');
    console.log('Those that do not run do it when they are started. docs/administrators/master-key.md says what else is to be done after a leak.');
  } finally {
    await server.release();
  }
});
