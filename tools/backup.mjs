// npm run backup -- FOLDER: copies the databases; --erasures FOLDER: what is known of erasures alone
import './node-version.mjs';

const { runOrExplain, StartupError } = await import('./startup-error.mjs');

await runOrExplain(async () => {
  const { resolve } = await import('node:path');
  const { prepare } = await import('./prepare.mjs');
  const { refuseOptionsOfNpm } = await import('./npm-options.mjs');
  const { readServicesConfig } = await import('./services-config.mjs');

  refuseOptionsOfNpm(['erasures']);
  const args = process.argv.slice(2);
  const kind = args.includes('--erasures') ? 'erasures' : 'whole';
  const [folder, ...more] = args.filter((one) => one !== '--erasures');
  if (folder === undefined || folder.startsWith('-') || more.length > 0) throw new StartupError('Name the folder to write: npm run backup -- FOLDER, or npm run backup -- --erasures FOLDER.');
  await prepare({ log: { info: (message) => console.error(message) } });
  const { openServer } = await import('./backup/databases.mjs');
  const { dump } = await import('./backup/dump.mjs');
  const { masterKeys } = await import('./backup/master-key-name.mjs');

  const { dataDir } = readServicesConfig();
  const server = await openServer(dataDir, { mayRun: true });
  try {
    const keys = masterKeys(dataDir);
    const { tables, rows, masterKeys: needed } = await dump(server.url, resolve(folder), { kind, keys });
    console.log(`${kind === 'whole' ? 'The backup is' : 'What is known of erasures is'} in ${resolve(folder)}: ${tables} tables, ${rows} rows.`);
    if (kind !== 'whole') return;
    if (needed.every((one) => one === keys[0].name)) console.log('It can be used with the master key of today only, which is not in it: keep a copy of the key at another place.');
    else console.log('It is sealed under the master key before (master.key.previous, ROLLCALL_MASTER_KEY_PREVIOUS): Rollcall has not started anew since the key was changed. Keep a copy of that key at another place, it is not in the backup.');
  } finally {
    await server.release();
  }
});
