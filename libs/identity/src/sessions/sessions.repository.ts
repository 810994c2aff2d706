import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { Session } from './session.entity.js';

export type NewSession = Pick<Session, 'realmId' | 'userId' | 'sessionId' | 'familyHash' | 'refreshHash' | 'address' | 'userAgent'>;

/** Seconds: without being used, and at the most. */
export interface SessionLifetime {
  idle: number;
  total: number;
}

/** Why a session ended: `revoked` is by the user or an administrator, from a list of sessions. */
export type SessionEnd = 'logged-out' | 'password-changed' | 'token-reused' | 'hidden' | 'revoked' | 'deactivated' | 'deleted';

/** A session as it is listed. */
export type ListedSession = Pick<Session, 'sessionId' | 'address' | 'userAgent' | 'createdAt' | 'lastUsedAt' | 'idleExpiresAt'>;

/** Which session of whom. */
export type UserSession = Pick<Session, 'userId' | 'sessionId'>;

/** A session as a refresh finds it. */
export type RefreshState = Pick<Session, 'userId' | 'familyHash' | 'refreshHash' | 'parentHash' | 'sealedChild'> & {
  /** It goes on, and its user may be logged in. */
  isActive: boolean;
  /** The last rotation was a moment ago: whoever shows the parent again lost the answer. */
  justRotated: boolean;
};

/** For so long a spent refresh token gets the child that it was given before. */
const grace = `interval '10 seconds'`;
/** For so long ended sessions are kept. */
const afterlife = `interval '1 day'`;

const goesOn = 's.ended_at IS NULL AND s.idle_expires_at > clock_timestamp() AND s.expires_at > clock_timestamp()';
const mayLogIn = "l.status = 'active' AND l.is_active AND NOT l.must_change_password";

const insert = sql(
  'sessions.insert',
  `INSERT INTO sessions (realm_id, user_id, session_id, family_hash, refresh_hash, address, user_agent, idle_expires_at, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, now() + least($8::integer, $9::integer) * interval '1 second', now() + $9::integer * interval '1 second')`,
);
const isActive = sql(
  'sessions.is_active',
  `SELECT extract(epoch FROM least(s.idle_expires_at, s.expires_at) - clock_timestamp())::float8 AS seconds FROM sessions s JOIN logins l ON l.realm_id = s.realm_id AND l.user_id = s.user_id WHERE s.session_id = $1 AND ${goesOn} AND ${mayLogIn}`,
);
const lock = sql(
  'sessions.lock',
  `SELECT s.user_id AS "userId", s.family_hash AS "familyHash", s.refresh_hash AS "refreshHash", s.parent_hash AS "parentHash", s.sealed_child AS "sealedChild",
          (${goesOn} AND ${mayLogIn}) AS "isActive", coalesce(s.rotated_at > clock_timestamp() - ${grace}, false) AS "justRotated"
   FROM sessions s JOIN logins l ON l.realm_id = s.realm_id AND l.user_id = s.user_id
   WHERE s.realm_id = $1 AND s.session_id = $2 FOR UPDATE OF s`,
);
const rotate = sql(
  'sessions.rotate',
  `UPDATE sessions SET parent_hash = refresh_hash, refresh_hash = $3, sealed_child = $4, rotated_at = clock_timestamp(), last_used_at = clock_timestamp(),
          address = coalesce($6, address), user_agent = coalesce($7, user_agent),
          idle_expires_at = least(clock_timestamp() + $5::integer * interval '1 second', expires_at)
   WHERE realm_id = $1 AND session_id = $2`,
);
const endColumns = 'ended_at = clock_timestamp(), idle_expires_at = least(idle_expires_at, clock_timestamp()), sealed_child = NULL';
const end = sql('sessions.end', `UPDATE sessions SET ${endColumns}, end_reason = $3 WHERE realm_id = $1 AND session_id = $2 AND ended_at IS NULL`);
const endOfUsers = sql(
  'sessions.end_of_users',
  `UPDATE sessions SET ${endColumns}, end_reason = $3 WHERE realm_id = $1 AND user_id = ANY ($2::uuid[]) AND ended_at IS NULL AND session_id IS DISTINCT FROM $4`,
);
const endListed = sql(
  'sessions.end_listed',
  `UPDATE sessions s SET ${endColumns}, end_reason = 'revoked'
   WHERE realm_id = $1 AND user_id = $2 AND ($3::uuid IS NULL OR session_id = $3) AND session_id IS DISTINCT FROM $4 AND ${goesOn} RETURNING session_id AS "sessionId"`,
);
const endOfRealm = sql(
  'sessions.end_next_of_realm',
  // Materialised: as a part of the join it could be asked again for each row, and give the next ones each time.
  `WITH next AS MATERIALIZED (SELECT user_id, session_id FROM sessions WHERE realm_id = $1 AND (user_id, session_id) > ($2, $3) AND ended_at IS NULL ORDER BY user_id, session_id LIMIT $4 FOR UPDATE)
   UPDATE sessions s SET ${endColumns}, end_reason = 'revoked'
   FROM next
   WHERE s.realm_id = $1 AND s.user_id = next.user_id AND s.session_id = next.session_id AND s.ended_at IS NULL
   RETURNING s.user_id AS "userId", s.session_id AS "sessionId"`,
);
const list = sql(
  'sessions.list',
  `SELECT s.session_id AS "sessionId", s.address, s.user_agent AS "userAgent", s.created_at AS "createdAt", s.last_used_at AS "lastUsedAt", s.idle_expires_at AS "idleExpiresAt"
   FROM sessions s JOIN logins l ON l.realm_id = s.realm_id AND l.user_id = s.user_id
   WHERE s.realm_id = $1 AND s.user_id = $2 AND ${goesOn} AND ${mayLogIn} AND ($3::uuid IS NULL OR s.session_id < $3) ORDER BY s.session_id DESC LIMIT $4`,
);
const erase = sql('sessions.erase', 'DELETE FROM sessions WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const count = sql('sessions.count', 'SELECT count(*) AS count FROM sessions WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const dropSeals = sql('sessions.drop_seals', `UPDATE sessions SET sealed_child = NULL WHERE sealed_child IS NOT NULL AND rotated_at < clock_timestamp() - ${grace}`);
const sweep = sql('sessions.sweep', `DELETE FROM sessions WHERE idle_expires_at < now() - ${afterlife}`);

/** All SQL of `sessions`. */
export const sessionsRepository = {
  async insert(tx: Transaction, session: NewSession, lifetime: SessionLifetime): Promise<void> {
    const { realmId, userId, sessionId, familyHash, refreshHash, address, userAgent } = session;
    await tx.execute(insert, [realmId, userId, sessionId, familyHash, refreshHash, address, userAgent, lifetime.idle, lifetime.total]);
  },

  /** @returns seconds until it ends by itself; undefined for one that does not go on */
  async activeFor(on: Queryable, sessionId: string): Promise<number | undefined> {
    return (await on.query<{ seconds: number }>(isActive, [sessionId]))[0]?.seconds;
  },

  /** Keeps other refreshes of the session waiting until the transaction ends. */
  async lock(tx: Transaction, realmId: string, sessionId: string): Promise<RefreshState | undefined> {
    return (await tx.query<RefreshState>(lock, [realmId, sessionId]))[0];
  },

  /** @param idle seconds until it ends without being used */
  async rotate(tx: Transaction, realmId: string, sessionId: string, next: { refreshHash: Buffer; sealedChild: Buffer } & Pick<Session, 'address' | 'userAgent'>, idle: number): Promise<void> {
    await tx.execute(rotate, [realmId, sessionId, next.refreshHash, next.sealedChild, idle, next.address, next.userAgent]);
  },

  /** Newest first, those with a lower id than `after`. */
  async list(on: Queryable, realmId: string, userId: string, after: string | null, limit: number): Promise<ListedSession[]> {
    return on.query<ListedSession>(list, [realmId, userId, after, limit]);
  },

  /**
   * @param which null as `sessionId`: all
   * @returns the ids of those that went on until now
   */
  async endListed(tx: Transaction, { realmId, userId, sessionId, keepSessionId }: { realmId: string; userId: string; sessionId: string | null; keepSessionId: string | null }): Promise<string[]> {
    return (await tx.query<{ sessionId: string }>(endListed, [realmId, userId, sessionId, keepSessionId])).map((row) => row.sessionId);
  },

  /**
   * The next of a realm, in an order of their own.
   * @param after the last one of those before
   */
  async endOfRealm(tx: Transaction, realmId: string, after: UserSession, limit: number): Promise<UserSession[]> {
    return tx.query<UserSession>(endOfRealm, [realmId, after.userId, after.sessionId, limit]);
  },

  /** @returns false when it had ended before */
  async end(on: Queryable, realmId: string, sessionId: string, reason: SessionEnd): Promise<boolean> {
    return (await on.execute(end, [realmId, sessionId, reason])) > 0;
  },

  /** @param butFor a session that goes on */
  async endOfUsers(tx: Queryable, realmId: string, userIds: readonly string[], reason: SessionEnd, butFor: string | null = null): Promise<number> {
    return tx.execute(endOfUsers, [realmId, userIds, reason, butFor]);
  },

  async erase(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<number> {
    return tx.execute(erase, [realmId, userIds]);
  },

  async count(on: Queryable, realmId: string, userIds: readonly string[]): Promise<number> {
    return (await on.query<{ count: number }>(count, [realmId, userIds]))[0]!.count;
  },

  /** Sealed children that nobody can ask for any more. */
  async dropSeals(on: Queryable): Promise<number> {
    return on.execute(dropSeals);
  },

  /** Sessions that ended or expired a while ago. */
  async sweep(on: Queryable): Promise<number> {
    return on.execute(sweep);
  },
};
