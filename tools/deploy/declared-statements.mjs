// Prints what is declared of SQL: { service: [{ name, text }] }. A process of its own: what another has loaded already is not declared again.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../checkout.mjs';

const built = (file) => import(pathToFileURL(join(root, 'dist', file)).href);
const { declaredStatements } = await built('libs/platform/database/src/index.js');
const statements = {};
for (const service of ['identity', 'profiles', 'membership', 'workers']) {
  const before = declaredStatements().length;
  await built(`libs/${service}/src/index.js`);
  statements[service] = declaredStatements().slice(before);
}
const { getMetadataArgsStorage } = await import('typeorm');
const { tables, columns } = getMetadataArgsStorage();
/** Columns of each table's primary key, in order. */
const keys = tables.map(({ target, name }) => [name, columns.filter((column) => column.target === target && column.options.primary).map(({ propertyName, options }) => options.name ?? propertyName)]);
process.stdout.write(JSON.stringify({ statements, keys }));
