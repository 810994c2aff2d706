// Prints which statements the Postgres of DATABASE_URL has run (pg_stat_statements) that don't name whose rows they mean, of services whose
// tables are spread: { service: { recorded, keyless: [text] } }. Background work that is declared as such is left out.
import '../node-version.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { root } from '../checkout.mjs';
import { databaseUrl } from '../backup/databases.mjs';
import { keylessStatements, sameStatement } from './keyless-statements.mjs';
import { spreadTables, sweeps } from './spread-layout.mjs';

const { stdout } = spawnSync(process.execPath, [join(root, 'tools/deploy/declared-statements.mjs')], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const { statements, keys } = JSON.parse(stdout);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const report = {};
for (const [database, service] of Object.entries({ identity: 'identity', profiles: 'profiles', operations: 'workers' })) {
  const name = new URL(await databaseUrl(process.env.DATABASE_URL, database)).pathname.slice(1);
  const { rows } = await client.query('SELECT DISTINCT s.query AS text FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1', [name]);
  const declared = statements[service].filter((one) => sweeps[service].includes(one.name));
  const keyless = keylessStatements(rows.map(({ text }) => ({ name: text, text })), spreadTables(keys[service])).filter((text) => !declared.some((one) => sameStatement(one.text, text)));
  report[service] = { recorded: rows.length, keyless };
}
await client.end();
process.stdout.write(JSON.stringify(report));
