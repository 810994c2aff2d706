// node tools/docs/scalar-bundle.mjs: takes the page that renders the API reference out of its package. All of the package, with what it
// is built from, would be 263 packages in every installation, for one file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../checkout.mjs';

const version = '1.76.0';
/** Of the package, as the registry states it: another content is refused. */
const integrity = 'sha512-pjqwnzmA9YK3ZX+IZSICMsywm4qI6HLSngR2py9H6TvFApHHuJjkTAd+gFJfnqJDzJuro8k7ji6JCtJ2U+Byng==';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-scalar-'));
try {
  const file = join(folder, execFileSync('npm', ['pack', `@scalar/api-reference@${version}`, '--silent'], { cwd: folder, encoding: 'utf8' }).trim());
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (found !== integrity) throw new Error(`@scalar/api-reference ${version} is not what it was: ${found}`);
  execFileSync('tar', ['-xzf', file, 'package/dist/browser/standalone.js'], { cwd: folder });
  const bundle = readFileSync(join(folder, 'package/dist/browser/standalone.js'));
  const text = gzipSync(bundle, { level: 9 }).toString('base64');
  writeFileSync(
    join(root, 'libs/gateway/src/reference/scalar.data.ts'),
    `// Made by tools/docs/scalar-bundle.mjs.\n/** The browser bundle of @scalar/api-reference ${version} (MIT, © Scalar), compressed by gzip, as base64. */\nexport const scalarBundle = '${text}';\n`,
  );
  console.log(`Scalar ${version}: ${bundle.length} bytes, ${text.length} in the source.`);
} finally {
  rmSync(folder, { recursive: true });
}
