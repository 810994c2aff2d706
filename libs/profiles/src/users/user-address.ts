import { isStorable, type profiles } from '#libs/contracts';
import { oneOf } from '#libs/platform/database';

/** An address as statements take it. A name that Postgres can't even keep is nobody's. */
export interface AddressParameters {
  userId: string | null;
  uid: string | null;
  /** The uid where it looks like an id: users without an external id go by that too. */
  uidAsId: string | null;
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function addressParameters(address: profiles.UserAddress): AddressParameters {
  if ('userId' in address) return { userId: address.userId, uid: null, uidAsId: null };
  if (!isStorable(address.uid)) return { userId: null, uid: null, uidAsId: null };
  return { userId: null, uid: address.uid, uidAsId: uuid.test(address.uid) ? address.uid : null };
}

/**
 * SQL that gives the id of the user an address means: the external id first; then the uid of somebody who was merged
 * into them; else, among users that have none, the
 * email, the user name, the id. `coalesce` runs the later look-ups only when the earlier found nobody. Each has its
 * LIMIT because the planner, which may keep no statistics of these columns, would else expect thousands; and a name is
 * looked up before its user (`OFFSET 0`): for one of thousands it may take reading all users in order for the shorter way.
 * And of all realms it is looked for in one: see `oneOf`.
 */
export function addressedUser(realmId: string, { userId, uid, uidAsId }: { userId: string; uid: string; uidAsId: string }): string {
  return `coalesce(
    ${userId},
    ${userNamed(realmId, uid)},
    ${userWithoutExternalId(realmId, { uid, uidAsId })})`;
}

/** The first two of these: SQL, to be given to `coalesce`, that gives the id of the user with an external id, or of whom somebody with it was merged into. */
export function userNamed(realmId: string, uid: string): string {
  return `(SELECT named.user_id FROM users named WHERE named.realm_id = ${oneOf(realmId)} AND named.external_id = ${uid} AND named.hidden_by IS NULL LIMIT 1),
    (SELECT alias.user_id FROM user_aliases alias WHERE alias.realm_id = ${oneOf(realmId)} AND alias.uid = ${uid} LIMIT 1)`;
}

/** The last of these: SQL, to be given to `coalesce`, that gives the id of a user without an external id. A `uid` of NULL is nobody's. */
export function userWithoutExternalId(realmId: string, { uid, uidAsId }: { uid: string; uidAsId: string }): string {
  const without = 'named.external_id IS NULL AND named.hidden_by IS NULL';
  return `(SELECT named.user_id FROM users named WHERE named.realm_id = ${oneOf(realmId)} AND lower(named.email) = lower(${uid}) AND ${without} ORDER BY named.seq LIMIT 1),
    (SELECT found.user_id FROM (SELECT realm_id, user_id FROM directory WHERE realm_id = ${oneOf(realmId)} AND lower(user_name) = lower(${uid}) OFFSET 0) AS listed,
       LATERAL (SELECT named.user_id FROM users named WHERE named.realm_id = listed.realm_id AND named.user_id = listed.user_id AND ${without} OFFSET 0) AS found LIMIT 1),
    (SELECT named.user_id FROM users named WHERE (named.realm_id = ${realmId}) IS TRUE AND named.user_id = ${uidAsId} AND ${without} LIMIT 1)`;
}

/**
 * SQL that gives the uid that a user shows: the external id; of who has none the first of their email, their user name and their id by which they are found. Somebody else may go by the
 * others: a customer's id is often an email, and who registers with that is another user.
 * @param user the alias of a row of `users` @param userName SQL of their user name
 */
export function shownUid(user: string, userName: string): string {
  const found = addressedUser(`${user}.realm_id`, { userId: 'NULL::uuid', uid: 'own.name', uidAsId: 'NULL::uuid' });
  return `coalesce(${user}.external_id, CASE WHEN ${user}.external_id IS NULL THEN
    coalesce((SELECT own.name FROM unnest(ARRAY[${user}.email, ${userName}]) WITH ORDINALITY AS own (name, place) WHERE own.name IS NOT NULL AND ${found} = ${user}.user_id ORDER BY own.place LIMIT 1), ${user}.user_id::text) END)`;
}
