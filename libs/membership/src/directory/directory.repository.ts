import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

export interface PersonNames {
  userId: string;
  version: number;
  name: string | null;
  email: string | null;
}

const lock = sql('directory.lock', 'SELECT user_id FROM members WHERE user_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND hidden_at IS NULL ORDER BY user_id FOR NO KEY UPDATE');
// Joined with `members`, so that nobody gets a row who has no role here or is being erased.
const apply = sql(
  'directory.apply',
  `INSERT INTO directory AS d (user_id, version, name_key, email_key, names)
   SELECT g.user_id, g.version, user_sort_key(g.name), user_sort_key(g.email), lower(concat_ws(E'\\n', g.name, g.email))
   FROM unnest((SELECT $1::uuid[]), (SELECT $2::bigint[]), (SELECT $3::text[]), (SELECT $4::text[])) AS g (user_id, version, name, email)
   JOIN members m ON m.user_id = g.user_id AND m.hidden_at IS NULL
   ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, name_key = excluded.name_key, email_key = excluded.email_key, names = excluded.names
   WHERE d.version < excluded.version`,
);
const versions = sql(
  'directory.versions',
  `SELECT m.user_id AS "userId", (SELECT d.version FROM directory d WHERE d.user_id = m.user_id) AS version FROM members m WHERE m.user_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND m.hidden_at IS NULL`,
);
const missing = sql(
  'directory.missing',
  `SELECT user_id AS "userId" FROM members m WHERE hidden_at IS NULL AND NOT EXISTS (SELECT FROM directory d WHERE d.user_id = m.user_id)
     AND EXISTS (SELECT FROM listings l WHERE l.user_id = m.user_id) LIMIT 100`,
);

@Injectable()
export class DirectoryRepository {
  /** Takes over names that are newer than ours. */
  async apply(tx: Transaction, people: readonly PersonNames[]): Promise<void> {
    await tx.query(lock, [people.map(({ userId }) => userId)]);
    this.applyToLocked(tx, people);
  }

  /** The same for people whose rows are locked. */
  applyToLocked(tx: Transaction, people: readonly PersonNames[]): void {
    tx.send(apply, [people.map(({ userId }) => userId), people.map((one) => one.version), people.map(({ name }) => name), people.map(({ email }) => email)]);
  }

  /** The versions that we have, in the order of the users; null for none, undefined for somebody who is none of ours. */
  async versions(on: Queryable, userIds: readonly string[]): Promise<(number | null | undefined)[]> {
    const known = new Map((await on.query<{ userId: string; version: number | null }>(versions, [userIds])).map(({ userId, version }) => [userId, version]));
    return userIds.map((userId) => known.get(userId.toLowerCase()));
  }

  /** Some of those in lists whose names never arrived. */
  async missing(on: Queryable): Promise<string[]> {
    return (await on.query<{ userId: string }>(missing)).map(({ userId }) => userId);
  }
}
