import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import { datePattern, numberPattern, userIdPattern } from './field-values.js';

export interface FieldRow extends profiles.ProfileField {
  sweep: 'remove' | 'convert' | null;
}

/** How far stored values of a field are from its new type. */
export interface StoredValues {
  name: string;
  /** Values that the type can't be read from. */
  unreadable: number;
  /** Values that it can be read from, but that have another form: `"34"` for a number. */
  misshapen: number;
}

/** Identifies the lock of a realm's fields; `$1` is the realm. */
export const fieldsLock = (realmId: string) => `hashtextextended('profile fields of ' || ${realmId}, 0)`;

// Exclusive against the shared one that every write of attributes takes first (`users.lock`): who holds it sees all
// values there are, and nobody writes by the old rules any more.
const lock = sql('profile_fields.lock', `SELECT pg_advisory_xact_lock(${fieldsLock('$1::uuid::text')})`);

const list = sql('profile_fields.list', 'SELECT name, type, label, sweep FROM profile_fields WHERE realm_id = $1 ORDER BY seq');

const swept = sql('profile_fields.swept', 'SELECT realm_id AS "realmId", name, modified_by AS "modifiedBy" FROM profile_fields WHERE sweep IS NOT NULL AND modified_at < now() - interval \'1 minute\'');

const put = sql(
  'profile_fields.put',
  `INSERT INTO profile_fields AS f (realm_id, name, type, label, sweep, modified_at, modified_by)
   SELECT $1, given.name, given.type, given.label, given.sweep, now(), $3
   FROM json_to_recordset($2::json) AS given (name text, type text, label text, sweep text, place integer) ORDER BY given.place
   ON CONFLICT (realm_id, name) DO UPDATE SET type = excluded.type, label = excluded.label, sweep = excluded.sweep, modified_at = excluded.modified_at, modified_by = excluded.modified_by`,
);

const beginRemoval = sql('profile_fields.begin_removal', `UPDATE profile_fields SET sweep = 'remove', modified_at = now(), modified_by = $3 WHERE realm_id = $1 AND name = $2`);
const endConversion = sql('profile_fields.end_conversion', `UPDATE profile_fields SET sweep = NULL WHERE realm_id = $1 AND name = $2 AND sweep = 'convert'`);
const remove = sql('profile_fields.remove', `DELETE FROM profile_fields WHERE realm_id = $1 AND name = $2 AND sweep = 'remove'`);

/** SQL: whether `type` can be read from the JSON value. */
function readable(value: string, type: string): string {
  const text = `(${value} #>> '{}')`;
  return `CASE ${type}
    WHEN 'text' THEN true
    WHEN 'boolean' THEN jsonb_typeof(${value}) = 'boolean' OR ${text} IN ('true', 'false')
    WHEN 'date' THEN jsonb_typeof(${value}) = 'string' AND ${text} ~ '${datePattern}'
    WHEN 'user' THEN jsonb_typeof(${value}) = 'string' AND ${text} ~ '${userIdPattern}'
    WHEN 'number' THEN CASE WHEN jsonb_typeof(${value}) = 'number' THEN true
      WHEN jsonb_typeof(${value}) = 'string' AND ${text} ~ '${numberPattern}' THEN ${text}::numeric = ${text}::float8::numeric ELSE false END
  END`;
}

/** SQL: whether the JSON value has the form that values of `type` are kept in. */
function shaped(value: string, type: string): string {
  return `jsonb_typeof(${value}) = CASE ${type} WHEN 'number' THEN 'number' WHEN 'boolean' THEN 'boolean' ELSE 'string' END`;
}

const look = sql(
  'profile_fields.look_at_values',
  `SELECT f.name, count(*) FILTER (WHERE NOT seen.readable) AS unreadable, count(*) FILTER (WHERE seen.readable AND NOT seen.shaped) AS misshapen
   FROM users u CROSS JOIN json_to_recordset($2::json) AS f (name text, type text)
   CROSS JOIN LATERAL (SELECT u.attributes -> f.name AS value) AS v
   CROSS JOIN LATERAL (SELECT ${readable('v.value', 'f.type')} AS readable, ${shaped('v.value', 'f.type')} AS shaped) AS seen
   WHERE u.realm_id = $1 AND u.hidden_by IS NULL AND u.attributes ? f.name
   GROUP BY f.name`,
);

// The rows are locked in the order in which upserts lock theirs, so that neither waits for the other in a circle.
const sweepPage = (name: string, which: string, attributes: string) =>
  sql(
    `profile_fields.${name}`,
    `WITH page AS MATERIALIZED (
       SELECT u.user_id, u.attributes ? $2 AND ${which} AS due FROM users u WHERE u.realm_id = $1 AND u.user_id > $3 ORDER BY u.user_id LIMIT $4
     ), locked AS MATERIALIZED (
       SELECT u.user_id FROM users u WHERE (u.realm_id = $1) IS TRUE AND u.user_id = ANY (ARRAY(SELECT user_id FROM page WHERE due)) AND u.attributes ? $2 AND ${which}
       ORDER BY u.user_id FOR NO KEY UPDATE
     ), changed AS (
       UPDATE users u SET attributes = ${attributes}, version = u.version + 1, modified_at = now(), modified_by = $5
       FROM locked WHERE (u.realm_id = $1) IS TRUE AND u.user_id = locked.user_id AND u.attributes ? $2
     )
     SELECT user_id AS "last", (SELECT count(*) FROM page WHERE due) AS due FROM page ORDER BY user_id DESC LIMIT 1`,
  );

const removeValues = sweepPage('remove_values', 'true', 'u.attributes - $2');

const fieldType = '(SELECT f.type FROM profile_fields f WHERE f.realm_id = $1 AND f.name = $2)';
const stored = `(u.attributes -> $2)`;
const convertValues = sweepPage(
  'convert_values',
  `${readable(stored, fieldType)} AND NOT ${shaped(stored, fieldType)}`,
  `u.attributes || jsonb_build_object($2::text, CASE ${fieldType}
     WHEN 'number' THEN to_jsonb((${stored} #>> '{}')::float8) WHEN 'boolean' THEN to_jsonb((${stored} #>> '{}')::boolean) ELSE to_jsonb(${stored} #>> '{}') END)`,
);

/** All SQL of `profile_fields`, and what is done for their sake to the attributes of all users. */
@Injectable()
export class FieldsRepository {
  /** Until the end of the transaction nobody writes attributes in the realm, and no other declaration begins. */
  async lock(tx: Transaction, realmId: string): Promise<void> {
    await tx.query(lock, [realmId]);
  }

  /** In the order of declaration; those that are being removed too. */
  async list(on: Queryable, realmId: string): Promise<FieldRow[]> {
    return on.query<FieldRow>(list, [realmId]);
  }

  /** Fields, of any realm, whose sweep was left unfinished. */
  async leftUnswept(on: Queryable): Promise<{ realmId: string; name: string; modifiedBy: string }[]> {
    return on.query(swept);
  }

  async put(tx: Transaction, realmId: string, fields: readonly FieldRow[], actorId: string): Promise<void> {
    await tx.execute(put, [realmId, JSON.stringify(fields.map((field, place) => ({ ...field, place }))), actorId]);
  }

  async beginRemoval(tx: Transaction, realmId: string, name: string, actorId: string): Promise<void> {
    await tx.execute(beginRemoval, [realmId, name, actorId]);
  }

  /** @returns false when somebody else ended it already */
  async endConversion(tx: Transaction, realmId: string, name: string): Promise<boolean> {
    return (await tx.execute(endConversion, [realmId, name])) > 0;
  }

  /** @returns false when somebody else removed it already */
  async remove(tx: Transaction, realmId: string, name: string): Promise<boolean> {
    return (await tx.execute(remove, [realmId, name])) > 0;
  }

  /** What is stored under the names of fields, seen as values of their types. Fields without values are left out. */
  async storedValues(tx: Transaction, realmId: string, fields: readonly Pick<profiles.ProfileField, 'name' | 'type'>[]): Promise<StoredValues[]> {
    if (fields.length === 0) return [];
    return tx.query<StoredValues>(look, [realmId, JSON.stringify(fields)]);
  }

  /**
   * Does a sweep to the next users of the realm, in the order of their ids.
   * @returns the last user that was looked at, and how many there had something to be swept; undefined: there are no more
   */
  async sweep(tx: Transaction, kind: 'remove' | 'convert', { realmId, name, actorId }: { realmId: string; name: string; actorId: string }, after: string, limit: number): Promise<{ last: string; due: number } | undefined> {
    const [page] = await tx.query<{ last: string; due: number }>(kind === 'remove' ? removeValues : convertValues, [realmId, name, after, limit, actorId]);
    return page;
  }
}
