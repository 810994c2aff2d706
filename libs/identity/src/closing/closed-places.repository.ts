import type { identity } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { TableOfPlaces } from './tables-of-places.js';

/** A place to clear. `settled`: it was closed so long ago that nothing which began before can still write there. */
export type PlaceToClear = identity.ClosedPlace & { settled: boolean };

type Revoked = Pick<identity.Credential, 'credentialId' | 'kind' | 'projectId' | 'organisationId'>;

const put = sql('closed_places.put', 'INSERT INTO closed_places (place_id, level, organisation_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING');
const uncleared = sql(
  'closed_places.uncleared',
  `SELECT place_id AS "placeId", level, organisation_id AS "organisationId", closed_at < now() - interval '1 minute' AS settled FROM closed_places WHERE cleared_at IS NULL ORDER BY closed_at LIMIT 100`,
);
const finish = sql('closed_places.finish', 'UPDATE closed_places SET cleared_at = now() WHERE place_id = $1 AND cleared_at IS NULL');
const revoke = (column: string) =>
  sql(
    `credentials.revoke_by_${column}`,
    `UPDATE credentials SET revoked_at = now(), revoked_by = $2, key_hash = NULL, secret_hash = NULL WHERE ${column} = $1 AND revoked_at IS NULL
     RETURNING credential_id AS "credentialId", kind, project_id AS "projectId", organisation_id AS "organisationId"`,
  );
const revokeAll = { project: revoke('project_id'), organisation: revoke('organisation_id') };
const removeSdkKeys = sql('sdk_keys.remove_all', 'DELETE FROM sdk_keys WHERE project_id = $1');
const removeConnection = sql('sso_connections.remove_closed', 'DELETE FROM sso_connections WHERE organisation_id = $1');
// By the whole key, and nothing else that an index knows: see `someRows`. By their places, one that is renewed meanwhile would go on.
const endSessions = sql(
  'sessions.end_of_realm',
  `UPDATE sessions SET ended_at = clock_timestamp(), idle_expires_at = least(idle_expires_at, clock_timestamp()), sealed_child = NULL, end_reason = 'deleted'
   WHERE (ended_at IS NULL) IS TRUE AND (realm_id, user_id, session_id) IN (SELECT realm_id, user_id, session_id FROM sessions WHERE realm_id = $1 AND ended_at IS NULL LIMIT $2)`,
);
const users = sql('logins.of_realm', 'SELECT user_id AS "userId" FROM logins WHERE realm_id = $1 ORDER BY user_id LIMIT $2');

/** The SQL by which what belonged to a deleted organisation or project goes. */
export const closedPlacesRepository = {
  async put(tx: Transaction, { placeId, level, organisationId }: identity.ClosedPlace): Promise<void> {
    await tx.execute(put, [placeId, level, organisationId]);
  },

  async uncleared(on: Queryable): Promise<PlaceToClear[]> {
    return on.query<PlaceToClear>(uncleared);
  },

  /** @returns false when another process did it */
  async finish(tx: Transaction, placeId: string): Promise<boolean> {
    return (await tx.execute(finish, [placeId])) > 0;
  },

  /** @returns those that were good until now */
  async revokeAll(tx: Transaction, { level, placeId }: identity.ClosedPlace, revokedBy: string): Promise<Revoked[]> {
    return tx.query<Revoked>(revokeAll[level], [placeId, revokedBy]);
  },

  /** What else lets somebody in there. */
  async shut(tx: Transaction, { level, placeId }: identity.ClosedPlace): Promise<void> {
    await tx.execute(level === 'project' ? removeSdkKeys : removeConnection, [placeId]);
  },

  async endSessions(on: Queryable, realmId: string, limit: number): Promise<number> {
    return on.execute(endSessions, [realmId, limit]);
  },

  async users(on: Queryable, realmId: string, limit: number): Promise<string[]> {
    return (await on.query<{ userId: string }>(users, [realmId, limit])).map(({ userId }) => userId);
  },

  async clear(on: Queryable, { clear }: TableOfPlaces, placeId: string, limit: number): Promise<number> {
    return on.execute(clear, [placeId, limit]);
  },

  async count(on: Queryable, { count }: TableOfPlaces, placeId: string): Promise<number> {
    return (await on.query<{ remains: number }>(count, [placeId]))[0]!.remains;
  },
};
