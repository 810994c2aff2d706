import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { doubleNames, keylessStatements, sameStatement } from './keyless-statements.mjs';
import { elsewhere, owners, spreadTables, sweeps } from './spread-layout.mjs';

describe('what is spread over servers once one Postgres is too small', () => {
  let keys;
  let statements;
  beforeAll(() => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'tools/deploy/declared-statements.mjs')], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    ({ statements, keys } = JSON.parse(stdout));
  });

  it('has in every table a key that begins with whose rows they are, or a reason why not', () => {
    const tables = Object.values(keys).flatMap(Object.entries);
    const others = tables.filter(([, [first]]) => !owners.includes(first)).map(([table]) => table);
    const names = Object.values(elsewhere).flat();
    expect(others.filter((table) => !names.includes(table))).toEqual([]);
    expect(names.filter((name) => !tables.some(([table]) => table === name))).toEqual([]);
  });

  // Membership is not spread: staff and their places are few, and one server has them all.
  it.each(Object.keys(sweeps))('is named in every statement of %s by whose rows they are, but for background work', (service) => {
    const spread = spreadTables(keys[service]);
    expect(Object.keys(spread)).toEqual(expect.arrayContaining({ identity: ['logins', 'sessions'], profiles: ['users', 'directory', 'user_events', 'segment_members'], workers: ['webhook_deliveries'] }[service]));
    expect(statements[service].length).toBeGreaterThan(50);
    expect(keylessStatements(statements[service], spread).sort()).toEqual([...sweeps[service]].sort());
  });

  it('is what the documentation says: each table of the database that it is in, under the column that it is spread by', () => {
    const told = {};
    let database;
    for (const [, named = database, column, names] of readFileSync(join(root, 'docs/operating-growth.md'), 'utf8').matchAll(/^\| (?:`(\w+)` )?\| `(\w+_id)` \| (.*) \|$/gm)) {
      database = named;
      for (const [, table] of names.matchAll(/`(\w+)`/g)) (told[database] ??= {})[table] = column;
    }
    expect(told).toEqual({ identity: spreadTables(keys.identity), profiles: spreadTables(keys.profiles), operations: spreadTables(keys.workers) });
  });

  it('has for every statement of a service a name of its own, by which connections prepare it', () => {
    for (const own of Object.values(statements)) expect(doubleNames(own)).toEqual([]);
  });

  it('finds a statement that leaves out whose rows it means', () => {
    const found = (text) => keylessStatements([{ name: 'x', text }], { users: 'realm_id' });
    expect(found('SELECT email FROM users WHERE user_id = $1')).toEqual(['x']);
    expect(found('UPDATE users SET email = $2 WHERE realm_id = $1')).toEqual([]);
    expect(found('SELECT users FROM erasures')).toEqual([]);
  });

  it('knows a statement again as Postgres remembers it, without what was asked for', () => {
    const declared = `DELETE FROM sessions WHERE idle_expires_at < now() - interval '1 day' AND end_reason IN ('a', 'b') LIMIT $1`;
    expect(sameStatement(declared, 'DELETE FROM sessions WHERE idle_expires_at < now() - interval $2 AND end_reason IN ($3 /*, ... */) LIMIT $1')).toBe(true);
    expect(sameStatement(declared, 'DELETE FROM sessions WHERE idle_expires_at < now()')).toBe(false);
  });
});
