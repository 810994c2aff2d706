// npm run restore -- FOLDER [--erasures FOLDER] [--replace]: makes the databases as a backup has them, without those who were erased since
import './node-version.mjs';

const { runOrExplain, StartupError } = await import('./startup-error.mjs');

await runOrExplain(async () => {
  const { resolve } = await import('node:path');
  const { parseArgs } = await import('node:util');
  const { prepare } = await import('./prepare.mjs');
  const { readServicesConfig } = await import('./services-config.mjs');

  const usage = 'Name the backup: npm run restore -- FOLDER [--erasures FOLDER] [--replace].';
  const { positionals, values } = read();
  if (positionals.length !== 1) throw new StartupError(usage);
  await prepare({ log: { info: (message) => console.error(message) } });
  const { openServer } = await import('./backup/databases.mjs');
  const { restore } = await import('./backup/restore.mjs');

  const { dataDir } = readServicesConfig();
  const server = await openServer(dataDir, { mayRun: false });
  try {
    const outcome = await restore({ serverUrl: server.url, dataDir, folder: resolve(positionals[0]), erasures: values.erasures === undefined ? undefined : resolve(values.erasures), replace: values.replace === true, log: (line) => console.log(line) });
    console.log(`Restored as of ${outcome.takenAt}: ${outcome.rows} rows. Erasures since then: ${outcome.erasures}; ${outcome.users} of their users were in the backup, and are erased again.`);
    console.log('Start Rollcall with an empty NATS store and an empty Redis, where it uses them.');
  } finally {
    await server.release();
  }

  function read() {
    try {
      return parseArgs({ allowPositionals: true, options: { erasures: { type: 'string' }, replace: { type: 'boolean' } } });
    } catch (error) {
      throw new StartupError(`${error.message.split('\n')[0].replace(/\.$/, '')}. ${usage}`);
    }
  }
});
