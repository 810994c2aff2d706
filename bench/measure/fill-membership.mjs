// An organisation of many people, all of them in one team, half of them with a role in a project of that team, and an invitation of each.

const id = (kind, n) => `('0189000${kind}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** `size` people, numbered from 1; the last one is the newest. @returns the ids of the places */
export async function fillMembership(sql, size) {
  const tag = size.toString(16).padStart(6, '0');
  const place = (digit) => `01890000-${digit}000-7000-9000-000000${tag}`;
  const [organisationId, teamId, projectId] = [place(1), place(2), place(3)];
  await sql.query(`INSERT INTO organisations (organisation_id, slug, name, created_by, modified_by) VALUES ($1, $2, $2, 'bench', 'bench')`, [organisationId, `of-${size}`]);
  await sql.query(`INSERT INTO teams (organisation_id, team_id, name, created_by, modified_by) VALUES ($1, $2, 'All', 'bench', 'bench')`, [organisationId, teamId]);
  await sql.query(`INSERT INTO projects (project_id, organisation_id, team_id, slug, name, created_by, modified_by) VALUES ($1, $2, $3, $4, $4, 'bench', 'bench')`, [projectId, organisationId, teamId, `project-of-${size}`]);
  // Ids of two sizes never meet: a person's number goes on where the smaller ones end.
  const people = `SELECT n, ${id(4, `${size} + n`)} AS user_id FROM generate_series(1, $1::bigint) n`;
  // The triggers, row by row, cost most of the time that it takes; what they would write is written below.
  await sql.query(`SET session_replication_role = replica`);
  await sql.query(`INSERT INTO members (user_id) SELECT user_id FROM (${people}) p`, [size]);
  // Every fifth is called Zoe, and so comes last by name. No name has a q or a j.
  await sql.query(
    `INSERT INTO directory (user_id, version, name_key, email_key, names)
     SELECT user_id, 1, user_sort_key(name), user_sort_key(email), lower(concat_ws(E'\\n', name, email))
     FROM (SELECT user_id, CASE WHEN n % 5 = 0 THEN 'Zoe' ELSE 'First' || n * 7919 % 5003 END || ' Last' || n * 104729 % 20011 AS name, 'user' || n || '@example.com' AS email FROM (${people}) p) p`,
    [size],
  );
  await sql.query(`INSERT INTO organisation_members (organisation_id, user_id, role, created_by, modified_by) SELECT $2, user_id, CASE n WHEN 1 THEN 'org_admin' ELSE 'member' END, 'bench', 'bench' FROM (${people}) p`, [size, organisationId]);
  await sql.query(`INSERT INTO team_members (organisation_id, team_id, user_id, role, created_by) SELECT $2, $3, user_id, 'team_member', 'bench' FROM (${people}) p`, [size, organisationId, teamId]);
  await sql.query(`INSERT INTO project_members (project_id, user_id, role, created_by) SELECT $2, user_id, 'editor', 'bench' FROM (${people}) p WHERE n % 2 = 0`, [size, projectId]);
  // As many again who are at home in the project: its customers, whom no list of staff shows.
  await sql.query(`INSERT INTO members (user_id) SELECT ${id(5, `${size} + n`)} FROM generate_series(1, $1::bigint) n`, [size]);
  await sql.query(`INSERT INTO project_members (project_id, user_id, role, at_home, created_by) SELECT $2, ${id(5, `${size} + n`)}, 'viewer', true, 'bench' FROM generate_series(1, $1::bigint) n`, [size, projectId]);
  for (const [table, scope] of [['organisation_members', 'organisation_id'], ['team_members', 'team_id'], ['project_members', 'project_id']]) {
    const ofHome = table === 'project_members' ? 'AND NOT at_home' : '';
    await sql.query(`INSERT INTO listings SELECT ${scope}, user_id, name_key, email_key, names FROM ${table} JOIN directory USING (user_id) WHERE ${scope} = $1 ${ofHome} ON CONFLICT DO NOTHING`, [{ organisation_id: organisationId, team_id: teamId, project_id: projectId }[scope]]);
  }
  // Nearly all were accepted; the ten oldest are pending, and the ten after them expired.
  await sql.query(
    `INSERT INTO invitations (place_id, invitation_id, level, organisation_id, user_id, email, role, status, mail_id, token_hash, invited_by_type, invited_by, expires_at, closed_at)
     SELECT $2, ${id(6, `${size} + n`)}, 'organisation', $2, user_id, 'user' || n || '@example.com', 'member', CASE WHEN n <= 10 THEN 'pending' WHEN n <= 20 THEN 'expired' ELSE 'accepted' END,
       gen_random_uuid(), sha256(user_id::text::bytea), 'user', 'bench', now() + CASE WHEN n <= 10 THEN interval '1 day' ELSE interval '-1 day' END, CASE WHEN n > 10 THEN now() END FROM (${people}) p`,
    [size, organisationId],
  );
  await sql.query(`SET session_replication_role = DEFAULT`);
  for (const table of ['members', 'directory', 'listings', 'organisation_members', 'team_members', 'project_members', 'invitations']) await sql.query(`VACUUM ANALYZE ${table}`);
  return { organisationId, teamId, projectId };
}
