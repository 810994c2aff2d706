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
   FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) AS g (user_id, version, name, email)
   JOIN members m ON m.user_id = g.user_id AND m.hidden_at IS NULL
   ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, name_key = excluded.name_key, email_key = excluded.email_key, names = excluded.names
   WHERE d.version < excluded.version`,
);
const version = sql('directory.version', 'SELECT m.user_id AS "userId", d.version FROM members m LEFT JOIN directory d USING (user_id) WHERE m.user_id = $1 AND m.hidden_at IS NULL');
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
    await tx.execute(apply, [people.map(({ userId }) => userId), people.map((one) => one.version), people.map(({ name }) => name), people.map(({ email }) => email)]);
  }

  /** The version that we have; null for none, undefined for somebody who is none of ours. */
  async version(on: Queryable, userId: string): Promise<number | null | undefined> {
    const [row] = await on.query<{ version: number | null }>(version, [userId]);
    return row?.version;
  }

  /** Some of those in lists whose names never arrived. */
  async missing(on: Queryable): Promise<string[]> {
    return (await on.query<{ userId: string }>(missing)).map(({ userId }) => userId);
  }
}
