import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const ofUsers = sql('user_aliases.of_users', 'SELECT user_id AS "userId", uid FROM user_aliases WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const free = sql('user_aliases.free', 'DELETE FROM user_aliases WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])');
const put = sql('user_aliases.put', 'INSERT INTO user_aliases (realm_id, uid, user_id, erasure_id) VALUES ($1, $2, $3, $4) ON CONFLICT (realm_id, uid) DO UPDATE SET user_id = excluded.user_id, erasure_id = excluded.erasure_id');
const erasureOf = sql('user_aliases.erasure_of', 'SELECT erasure_id AS "erasureId" FROM user_aliases WHERE realm_id = $1 AND uid = $2');
const pass = sql('user_aliases.pass', 'UPDATE user_aliases SET user_id = $3 WHERE realm_id = $1 AND user_id = $2');

/** All SQL of `user_aliases`, but for the looks that finding a user takes at it. */
@Injectable()
export class AliasesRepository {
  async ofUsers(on: Queryable, realmId: string, userIds: readonly string[]): Promise<{ userId: string; uid: string }[]> {
    return on.query(ofUsers, [realmId, userIds]);
  }

  /** Under which the rest of somebody merged is erased. */
  async erasureOf(on: Queryable, realmId: string, uid: string): Promise<string | null> {
    const [alias] = await on.query<{ erasureId: string | null }>(erasureOf, [realmId, uid]);
    return alias?.erasureId ?? null;
  }

  /** The names mean nobody any more. */
  async free(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<void> {
    await tx.execute(free, [realmId, userIds]);
  }

  /** The source's uid, and those of everybody merged into it before, mean the destination. */
  async point(tx: Transaction, realmId: string, source: { userId: string; uid: string }, destination: string, erasureId: string): Promise<void> {
    await tx.execute(pass, [realmId, source.userId, destination]);
    await tx.execute(put, [realmId, source.uid, destination, erasureId]);
  }
}
