// A project of many users and ten times as many events, made by Postgres itself.

/** Users are numbered from 1; the last one is the newest. */
export const idOfUser = (n) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const idInSql = `('01890000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** Fills the realm, with up to ten events a user; indexes that only lists need are made afterwards, which is faster. */
export async function fillProfiles(sql, realmId, users, eventsEach = 10) {
  const { rows: indexes } = await sql.query(`SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename IN ('users', 'directory') AND indexname LIKE '%\\_idx'`);
  await sql.query(`DROP INDEX ${indexes.map(({ name }) => name).join(', ')}`);
  const slice = 100_000;
  for (let from = 1; from <= users; from += slice) {
    const range = [realmId, from, Math.min(from + slice - 1, users)];
    await sql.query(
      `INSERT INTO users (realm_id, user_id, external_id, first_name, last_name, email, phone, city, attributes, created_at, created_by, modified_at, modified_by, first_seen_at, last_seen_at, version)
       SELECT $1, ${idInSql}, 'uid-' || n, 'First' || n * 7919 % 5003, 'Last' || n * 104729 % 20011, 'user' || n || '@example.com', CASE WHEN n % 3 = 0 THEN '+49' || n END, 'City' || n % 300,
         jsonb_build_object('plan', (ARRAY['free', 'basic', 'pro', 'team'])[1 + n % 4], 'age', 18 + n % 60, 'note', 'some text of usual length'),
         now() - n % 1000 * interval '1 day', 'bench', now(), 'bench', now() - interval '89 days', now(), 1
       FROM generate_series($2::bigint, $3::bigint) n`,
      range,
    );
    if (eventsEach === 0) continue;
    // In the last ninety days.
    await sql.query(
      `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event, properties)
       SELECT $1, ${idInSql}, now() - e * interval '9 days' - n % 86400 * interval '1 second', e::text, (ARRAY['Paid', 'Viewed', 'Searched', 'Viewed', 'Viewed'])[1 + e % 5], '{"source":"web"}'
       FROM generate_series($2::bigint, $3::bigint) n, generate_series(0, $4 - 1) e`,
      [...range, eventsEach],
    );
    await sql.query(`INSERT INTO event_ids (realm_id, user_id, event_id) SELECT $1, ${idInSql}, e::text FROM generate_series($2::bigint, $3::bigint) n, generate_series(0, $4 - 1) e`, [...range, eventsEach]);
  }
  for (const { definition } of indexes) await sql.query(definition);
  // As the migrations leave them: the planner keeps no copies of users' values.
  for (const [index, column] of [['users_email_idx', 2], ['directory_user_name_idx', 2], ['directory_user_name_key_idx', 2], ['directory_search_idx', 2]]) await sql.query(`ALTER INDEX ${index} ALTER COLUMN ${column} SET STATISTICS 0`);
  for (const table of ['users', 'directory', 'user_events', 'event_ids']) await sql.query(`VACUUM ANALYZE ${table}`);
}
