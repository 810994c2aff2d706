// node tools/cli/build-package.mjs [folder]: makes the npm package @rollcall/cli, in dist/packages/cli or there, for `npm pack` and `npm publish`.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { root } from '../checkout.mjs';

const project = join(root, 'libs/cli');
/** What the file takes in of others, whose licences want to be named. */
const thirdParty = ['zod'];

const folder = resolve(process.argv[2] ?? join(root, 'dist/packages/cli'));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
// One file that needs nothing but Node.
await build({
  root,
  configFile: false,
  logLevel: 'error',
  resolve: { conditions: ['source'] },
  ssr: { noExternal: true, resolve: { conditions: ['source'] } },
  build: { ssr: join(root, 'apps/cli/src/main.ts'), outDir: folder, emptyOutDir: false, copyPublicDir: false, minify: false, target: 'node20', rolldownOptions: { output: { entryFileNames: 'rollcall.js', banner: '#!/usr/bin/env node', codeSplitting: false } } },
});
chmodSync(join(folder, 'rollcall.js'), 0o755);
for (const file of ['package.json', 'README.md']) copyFileSync(join(project, file), join(folder, file));
copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
const licences = thirdParty.map((name) => `${name}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8')}`);
writeFileSync(join(folder, 'THIRD-PARTY.txt'), `rollcall.js holds parts of:\n\n${licences.join('\n')}`);
console.log(`The package is in ${folder}.`);
