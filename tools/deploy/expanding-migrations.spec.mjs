import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';

/**
 * What a process of the version before may still need, or may not satisfy: while an upgrade goes on, it writes and reads on the new schema
 * (docs/decisions/0061-old-and-new-side-by-side.md). It looks for the words, and can't tell what they are said of.
 */
const contracting = {
  'something goes that old processes use': /\bDROP (?:TABLE|COLUMN|TYPE|VIEW|FUNCTION|TRIGGER)\b[^;`]*/g,
  'something is called otherwise': /\bRENAME (?:TO|COLUMN|CONSTRAINT)\b[^;`]*|\bRENAME \w+ TO\b[^;`]*/g,
  'a value that old processes don’t write is demanded': /\bSET NOT NULL\b|\bADD COLUMN (?:IF NOT EXISTS )?\w+(?:(?!DEFAULT|GENERATED|ADD COLUMN)[^;`,])*NOT NULL(?!(?:(?!ADD COLUMN)[^;`,])*(?:DEFAULT|GENERATED))/g,
  'a column is of another type': /\bALTER (?:COLUMN )?\w+ (?:SET DATA )?TYPE\b[^;`]*/g,
  'rows of old processes may be refused': /\bADD CONSTRAINT \w+ (?:CHECK|UNIQUE|FOREIGN KEY|PRIMARY KEY)\b/g,
};

/** Why a migration may say such words all the same. */
const explained = {
  'membership/1767225600030-create-project-roles.ts': 'the check lets in more than before',
  'membership/1767225600045-create-directory.ts': 'a table and its column that came with it',
  'membership/1767225600101-forget-statistics.ts': 'the same type once more: it forgets the column’s statistics',
  'membership/1767225600230-list-at-once.ts': 'another trigger lists what this one did',
  'operations/1767225600040-create-receipts.ts': 'before the first release',
  'operations/1767225600057-keep-no-addresses-in-statistics.ts': 'the same type once more: it forgets the column’s statistics',
  'operations/1767225600061-forget-statistics.ts': 'the same type once more: it forgets the column’s statistics',
  'operations/1795316800320-finish-done-erasures.ts': 'the version before writes it like that',
  'profiles/1700000100095-create-attribute-entries.ts': 'of a table that came with it',
  'profiles/1700000100260-keep-event-ids-in-their-order.ts': 'the same key in another order',
  'profiles/1700000100037-remove-segments.ts': 'the check lets in more than before',
};

const folders = { identity: 'identity', membership: 'membership', profiles: 'profiles', workers: 'operations' };
const migrations = Object.entries(folders).flatMap(([folder, database]) => migrationsIn(join(root, 'libs', folder, 'src/database/migrations'), database));

describe('a migration', () => {
  it('leaves the version before able to work on the schema that it makes', () => {
    const found = migrations.flatMap(({ name, text }) => contractionsOf(text).map((what) => `${name}: ${what}`));
    expect(found.filter((line) => explained[line.split(':')[0]] === undefined)).toEqual([]);
    expect(Object.keys(explained).filter((name) => !found.some((line) => line.startsWith(`${name}:`)))).toEqual([]);
  });

  it.each([
    ['ALTER TABLE users DROP COLUMN phone', 1],
    ['ALTER TABLE users RENAME COLUMN phone TO telephone', 1],
    ['ALTER TABLE users ADD COLUMN rank integer NOT NULL', 1],
    ['ALTER TABLE users ADD COLUMN rank integer NOT NULL DEFAULT 0', 0],
    ['ALTER TABLE users ADD COLUMN rank integer DEFAULT 0 NOT NULL', 0],
    ['ALTER TABLE users ADD COLUMN rank integer', 0],
    ['ALTER TABLE users ADD COLUMN rank integer, ADD COLUMN name text NOT NULL', 1],
    ['ALTER TABLE users ALTER rank SET NOT NULL', 1],
    ['ALTER TABLE users ALTER COLUMN rank TYPE bigint', 1],
    ['ALTER TABLE users ADD CONSTRAINT users_rank_check CHECK (rank > 0)', 1],
    ['CREATE TABLE ranks (rank integer NOT NULL, CONSTRAINT ranks_check CHECK (rank > 0))', 0],
  ])('is read as it is meant: %s', (statement, times) => {
    expect(contractionsOf(`async up() { await runner.query(\`${statement}\`); }\n  async down() { DROP TABLE users }`)).toHaveLength(times);
  });
});

function contractionsOf(text) {
  const [up] = text.split(/\basync down\(/);
  return Object.entries(contracting).flatMap(([what, pattern]) => [...up.matchAll(pattern)].map(([words]) => `${what} (${words.replace(/\s+/g, ' ').slice(0, 80)})`));
}

function migrationsIn(folder, database) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  return files.sort().map((file) => ({ name: `${database}/${file}`, text: readFileSync(join(folder, file), 'utf8') }));
}
