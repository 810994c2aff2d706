// npm run restore -- FOLDER [--erasures FOLDER] [--replace]: makes the databases as a backup has them, without those who were erased since
import './node-version.mjs';

const { runOrExplain, StartupError } = await import('./startup-error.mjs');

await runOrExplain(async () => {
  const { resolve } = await import('node:path');
  const { parseArgs } = await import('node:util');
  const { prepare } = await import('./prepare.mjs');
  const { refuseOptionsOfNpm } = await import('./npm-options.mjs');
  const { readServicesConfig } = await import('./services-config.mjs');

  const usage = 'Name the backup: npm run restore -- FOLDER [--erasures FOLDER] [--replace]. Or, after databases were restored by other means: npm run restore -- --erasures FOLDER.';
  refuseOptionsOfNpm(['erasures', 'replace']);
  const { positionals, values } = read();
  const [folder] = positionals;
  if (positionals.length > 1 || (folder === undefined && (values.erasures === undefined || values.replace))) throw new StartupError(usage);
  await prepare({ log: { info: (message) => console.error(message) } });
  const { openServer } = await import('./backup/databases.mjs');
  const { eraseInRestored, restore } = await import('./backup/restore.mjs');

  const { dataDir } = readServicesConfig();
  const server = await openServer(dataDir, { mayRun: false });
  const options = { serverUrl: server.url, dataDir, erasures: values.erasures === undefined ? undefined : resolve(values.erasures), log: (line) => console.log(line) };
  try {
    const outcome = folder === undefined ? await eraseInRestored(options) : await restore({ ...options, folder: resolve(folder), replace: values.replace === true });
    if (outcome.takenAt !== undefined) console.log(`Restored as of ${outcome.takenAt}: ${outcome.rows} rows.`);
    console.log(`Erasures since then: ${outcome.erasures}; ${outcome.users} of their users were in the backup, and are erased again.`);
    console.log('Start Rollcall with an empty NATS store and an empty Redis, where it uses them.');
  } finally {
    await server.release();
  }

  function read() {
    try {
      return parseArgs({ allowPositionals: true, options: { erasures: { type: 'string' }, replace: { type: 'boolean' } } });
    } catch (error) {
      throw new StartupError(`${error.message.split(/\n|\. /)[0].replace(/\.$/, '')}. ${usage}`);
    }
  }
});
