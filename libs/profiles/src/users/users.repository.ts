import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';
import { accountsOf } from '../accounts/accounts-of.js';
import { listsOf } from '../lists/lists-of.js';
import { segmentsOf } from '../segments/segments-of.js';
import { fieldsLock } from '../fields/fields.repository.js';
import { spentNames, type SpentNames, type SpentNamesQuery, type SpentNamesRow } from './surroundings.js';
import { addressedUser, addressParameters, userNamed, userWithoutExternalId } from './user-address.js';
import { directoryOf, type DirectoryRecord, type UserRecord } from './user-record.js';

/** By what an upsert finds its user. `asAddressed`: who has no external id is found too, by what stands for it. */
export type UserKey = { realmId: string; externalId: string; asAddressed?: boolean } | { realmId: string; userId: string };

/** Somebody who is locked, and under which key they were found. */
export type LockedRow = UserRecord & { foundAs: string | null; asAddressed: boolean };

/** What makes a `UserRecord` of a row `u` of `users`. */
export const userColumns = `
  u.realm_id AS "realmId", u.user_id AS "userId", u.external_id AS "externalId", u.display_name AS "displayName", u.first_name AS "firstName",
  u.last_name AS "lastName", u.email, u.phone, u.notes, u.city, u.country, u.region, u.timezone,
  u.preferences, u.preferences_updated_at AS "preferencesUpdatedAt", u.attributes, u.devices, u.is_account AS "isAccount", u.created_at AS "createdAt",
  u.created_by AS "createdBy", u.modified_at AS "modifiedAt", u.modified_by AS "modifiedBy", u.first_seen_at AS "firstSeenAt",
  u.last_seen_at AS "lastSeenAt", u.activity, u.version`;

const gotColumns = `${userColumns}, d.user_name AS "userName", d.is_active AS "isActive", d.roles, ${accountsOf('u')} AS accounts, ${listsOf('u')} AS lists, ${segmentsOf('u')} AS segments`;

// Out of sub-selects, so that the planner sees no values, and the statement keeps its plan whichever of them are given.
export const getUserStatement = sql(
  'users.get',
  `SELECT ${gotColumns} FROM users u LEFT JOIN directory d USING (realm_id, user_id)
   WHERE u.realm_id = $1 AND u.hidden_by IS NULL AND u.user_id = ${addressedUser('$1::uuid', { userId: '(SELECT $2::uuid)', uid: '(SELECT $3::text)', uidAsId: '(SELECT $4::uuid)' })}`,
);

// Each address is looked up once, and each user by the primary key: `MATERIALIZED` and `OFFSET 0` keep the planner from reading all users instead.
const getUsers = sql(
  'users.get_several',
  `WITH found AS MATERIALIZED (
     SELECT wanted.place, wanted.realm_id, ${addressedUser('wanted.realm_id', { userId: 'wanted.user_id', uid: 'wanted.uid', uidAsId: 'wanted.uid_as_id' })} AS user_id
     FROM json_to_recordset($1::json) AS wanted (place integer, realm_id uuid, user_id uuid, uid text, uid_as_id uuid))
   SELECT found.place, u.* FROM found, LATERAL (
     SELECT ${gotColumns} FROM users u LEFT JOIN LATERAL (SELECT * FROM directory own WHERE own.realm_id = u.realm_id AND own.user_id = u.user_id OFFSET 0) AS d ON true
     WHERE u.realm_id = found.realm_id AND u.user_id = found.user_id AND u.hidden_by IS NULL OFFSET 0) AS u`,
);

// The locks are taken in the order of the sort, so that two groups never wait for each other; and row by row, by the
// primary key, whatever the planner thinks of the table. The lock that keeps custom fields as they are comes first of
// all: who changes them holds it and then locks users (see `FieldsRepository`).
const lockUsers = sql(
  'users.lock',
  `SELECT u.*, found.external_id AS "foundAs", found.stands_for_it IS NOT NULL AS "asAddressed" FROM (
     SELECT wanted.realm_id, wanted.external_id, wanted.stands_for_it, coalesce(wanted.user_id,
       ${userNamed('wanted.realm_id', 'wanted.external_id')},
       ${userWithoutExternalId('wanted.realm_id', { uid: 'wanted.stands_for_it', uidAsId: 'wanted.as_id' })}) AS user_id
     FROM (SELECT count(pg_advisory_xact_lock_shared(${fieldsLock('realm.id')})) FROM (SELECT id FROM unnest($2::text[]) AS id ORDER BY id) AS realm) AS fields_stay,
       json_to_recordset($1::json) AS wanted (realm_id uuid, user_id uuid, external_id text, stands_for_it text, as_id uuid)
     ORDER BY 1, 4) AS found,
   LATERAL (SELECT ${userColumns} FROM users u WHERE u.realm_id = found.realm_id AND u.user_id = found.user_id AND u.hidden_by IS NULL FOR NO KEY UPDATE) AS u`,
);

const given = `
  json_to_recordset($1::json) AS given (
    "realmId" uuid, "userId" uuid, "externalId" text, "displayName" text, "firstName" text, "lastName" text, email text, phone text, notes text, city text, country text, region text, timezone text,
    preferences jsonb, "preferencesUpdatedAt" timestamptz, attributes jsonb,
    devices jsonb, "isAccount" boolean, "createdAt" timestamptz, "createdBy" text, "modifiedAt" timestamptz, "modifiedBy" text, version bigint)`;

// Whoever is faster with an external id has it: the group that finds it taken looks again. Rows are inserted in an order
// that all groups share, so that two never wait for each other; they are numbered in the order in which they were asked for.
const insertUsers = sql(
  'users.insert',
  `INSERT INTO users (realm_id, user_id, external_id, display_name, first_name, last_name, email, phone, notes, city, country, region, timezone, preferences, preferences_updated_at, attributes, devices, is_account, created_at, created_by, modified_at, modified_by, version, seq)
   OVERRIDING SYSTEM VALUE
   SELECT "realmId", "userId", "externalId", "displayName", "firstName", "lastName", email, phone, notes, city, country, region, timezone, preferences, "preferencesUpdatedAt", attributes, devices, "isAccount", "createdAt", "createdBy", "modifiedAt", "modifiedBy", version, seq
   FROM (SELECT given.*, nextval('users_seq_seq') AS seq FROM ${given}) AS numbered ORDER BY "realmId", "externalId", "userId"
   ON CONFLICT DO NOTHING
   RETURNING user_id AS "userId"`,
);

// Attributes that did not change stay where they are: large ones are stored apart from the row.
const updateUsers = sql(
  'users.update',
  `UPDATE users u SET
     external_id = given."externalId", is_account = given."isAccount", display_name = given."displayName", first_name = given."firstName", last_name = given."lastName", email = given.email, phone = given.phone, notes = given.notes,
     city = given.city, country = given.country, region = given.region, timezone = given.timezone,
     preferences = given.preferences, preferences_updated_at = given."preferencesUpdatedAt",
     attributes = coalesce(given.attributes, u.attributes), devices = given.devices, created_at = given."createdAt",
     modified_at = given."modifiedAt", modified_by = given."modifiedBy", version = given.version
   FROM ${given} WHERE u.realm_id = given."realmId" AND u.user_id = given."userId"`,
);

// Most updates change attributes and nothing else: reading the other columns would cost as much as writing the row.
const updateAttributes = sql(
  'users.update_attributes',
  `UPDATE users u SET attributes = given.attributes::jsonb, modified_at = given.modified_at::timestamptz, modified_by = given.modified_by, version = given.version::bigint
   FROM ROWS FROM (json_array_elements_text($1::json), json_array_elements_text($2::json), json_array_elements_text($3::json), json_array_elements_text($4::json), json_array_elements_text($5::json), json_array_elements_text($6::json))
     AS given (realm_id, user_id, attributes, modified_at, modified_by, version)
   WHERE u.realm_id = given.realm_id::uuid AND u.user_id = given.user_id::uuid`,
);

const updateEmails = sql(
  'users.update_emails',
  `UPDATE users u SET email = given.email, version = given.version, modified_at = now(), modified_by = given."modifiedBy"
   FROM ${given} WHERE u.realm_id = given."realmId" AND u.user_id = given."userId"`,
);

const deleteUsers = sql('users.delete', 'DELETE FROM users WHERE (realm_id = ANY ($1::uuid[])) IS TRUE AND user_id = ANY ($2::uuid[])');

const onExternalIdTaken = onConstraint({ users_external_id_key: () => profiles.profilesErrors.failure('uid-taken', 'The id is another user\'s already.') });

type GotRow = UserRecord & { [K in keyof DirectoryRecord]: DirectoryRecord[K] | null };

/** A user, and what is known of them outside their row. */
export interface GotUser {
  user: UserRecord;
  directory: DirectoryRecord;
}

/** For a key that is more than an external id. */
function standsForIt(uid: string) {
  const parameters = addressParameters({ uid });
  return { stands_for_it: parameters.uid, as_id: parameters.uidAsId };
}

function gotUser(row: GotRow): GotUser {
  return { user: row, directory: directoryOf(row) };
}

/** All SQL of `users` about single users. */
@Injectable()
export class UsersRepository {
  async get(on: Queryable, realmId: string, address: profiles.UserAddress): Promise<GotUser | undefined> {
    const { userId, uid, uidAsId } = addressParameters(address);
    const [row] = await on.query<GotRow>(getUserStatement, [realmId, userId, uid, uidAsId]);
    return row === undefined ? undefined : gotUser(row);
  }

  /** The users whom the addresses mean, by the places of these; one that means nobody is left out. */
  async getSeveral(on: Queryable, addresses: readonly { realmId: string; user: profiles.UserAddress }[]): Promise<Map<number, GotUser>> {
    const wanted = addresses.map(({ realmId, user }, place) => {
      const { userId, uid, uidAsId } = addressParameters(user);
      return { place, realm_id: realmId, user_id: userId, uid, uid_as_id: uidAsId };
    });
    const rows = await on.query<GotRow & { place: number }>(getUsers, [JSON.stringify(wanted)]);
    return new Map(rows.map((row) => [row.place, gotUser(row)]));
  }

  /**
   * Locks the users that are there, and reads them as they are now.
   * `foundAs`: the external id that was asked for, if one was.
   * @param fieldsOf realms whose custom fields are to stay as they are, because attributes will be written
   */
  async lock(tx: Transaction, keys: readonly UserKey[], fieldsOf: readonly string[] = []): Promise<LockedRow[]> {
    const wanted = keys.map((key) => ({ realm_id: key.realmId, ...('userId' in key ? { user_id: key.userId } : { external_id: key.externalId, ...(key.asAddressed === true && standsForIt(key.externalId)) }) }));
    return tx.query(lockUsers, [JSON.stringify(wanted), fieldsOf]);
  }

  /**
   * @param names of theirs, which may turn out to have been somebody's: in the same round trip
   * @returns the ids of those that could be inserted: the others' external id or id was somebody's in the meantime
   */
  async insert(tx: Transaction, users: readonly UserRecord[], names: SpentNamesQuery): Promise<{ inserted: Set<string>; spent: SpentNames }> {
    const [inserted, spent] = await tx.queryTogether<[{ userId: string }[], SpentNamesRow[]]>([insertUsers, [JSON.stringify(users)]], names);
    return { inserted: new Set(inserted.map(({ userId }) => userId)), spent: spentNames(spent) };
  }

  async spentNames(tx: Transaction, [statement, parameters]: SpentNamesQuery): Promise<SpentNames> {
    return spentNames(await tx.query<SpentNamesRow>(statement, parameters));
  }

  /**
   * Writes users that are locked. `attributes` null: unchanged. Activity stays as it is.
   * @param along with the next statement: nobody's external id changes
   * @throws Failure `uid-taken` when the external id that a user takes is somebody else's
   */
  async update(tx: Transaction, users: readonly (Omit<UserRecord, 'attributes'> & { attributes: UserRecord['attributes'] | null })[], along = false): Promise<void> {
    if (users.length === 0) return;
    const parameters = [JSON.stringify(users)];
    if (along) tx.send(updateUsers, parameters);
    else await tx.execute(updateUsers, parameters).catch(onExternalIdTaken);
  }

  /** Writes attributes, version and author of users that are locked, and nothing else of them. @param along with the next statement */
  async updateAttributes(tx: Transaction, users: readonly UserRecord[], along = false): Promise<void> {
    const column = (value: (user: UserRecord) => unknown) => JSON.stringify(users.map(value));
    if (users.length === 0) return;
    const parameters = [
      column(({ realmId }) => realmId), column(({ userId }) => userId), column(({ attributes }) => attributes), column(({ modifiedAt }) => modifiedAt), column(({ modifiedBy }) => modifiedBy), column(({ version }) => version),
    ];
    if (along) tx.send(updateAttributes, parameters);
    else await tx.execute(updateAttributes, parameters);
  }

  /** Writes email, version and author of users that are locked. */
  async updateEmails(tx: Transaction, users: readonly Pick<UserRecord, 'realmId' | 'userId' | 'email' | 'version' | 'modifiedBy'>[]): Promise<void> {
    if (users.length > 0) await tx.execute(updateEmails, [JSON.stringify(users)]);
  }

  async delete(tx: Transaction, users: readonly UserRecord[]): Promise<void> {
    if (users.length > 0) await tx.execute(deleteUsers, [[...new Set(users.map(({ realmId }) => realmId))], users.map(({ userId }) => userId)]);
  }
}
