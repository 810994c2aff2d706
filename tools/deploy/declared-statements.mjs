// Prints what is declared of SQL, by service: { statements: { service: [{ name, text }] }, keys: { service: { table: [column] } } }. A process of its own: what another has loaded already is not declared again.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../checkout.mjs';

const built = (file) => import(pathToFileURL(join(root, 'dist', file)).href);
const { declaredStatements } = await built('libs/platform/database/src/index.js');
const { getMetadataArgsStorage } = await import('typeorm');
const { tables, columns } = getMetadataArgsStorage();
const statements = {};
/** Columns of each table's primary key, in order. Services may have tables of one name; those of all, as the outbox, are with the first. */
const keys = {};
for (const service of ['identity', 'profiles', 'membership', 'workers']) {
  const before = [declaredStatements().length, tables.length];
  await built(`libs/${service}/src/index.js`);
  statements[service] = declaredStatements().slice(before[0]);
  keys[service] = Object.fromEntries(tables.slice(before[1]).map(({ target, name }) => [name, keyOf(target)]));
}
process.stdout.write(JSON.stringify({ statements, keys }));

function keyOf(table) {
  return columns.filter((column) => column.target === table && column.options.primary).map(({ propertyName, options }) => options.name ?? propertyName);
}
