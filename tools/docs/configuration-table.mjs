// node tools/docs/configuration-table.mjs: brings the table of variables in README.md up to date with the definitions.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../checkout.mjs';
import { prepare } from '../prepare.mjs';
import { runOrExplain } from '../startup-error.mjs';
import { configurationTable, readDefinitions, withTable } from './describe-configuration.mjs';

await runOrExplain(async () => {
  await prepare();
  const built = (file) => import(pathToFileURL(join(root, 'dist', file.replace(/\.ts$/, '.js'))).href);
  const readme = join(root, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const updated = withTable(text, configurationTable(await readDefinitions(built)));
  if (updated === text) return console.log('README.md is up to date.');
  writeFileSync(readme, updated);
  console.log('README.md was brought up to date.');
});
