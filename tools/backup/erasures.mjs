import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../startup-error.mjs';
import { connect, databaseUrl } from './databases.mjs';
import { copyIn } from './dump.mjs';

const name = pg.escapeIdentifier;

/**
 * Brings what is known of erasures into databases that were restored from before: receipts at the end of their chain, the keys that they
 * were signed with, and the erasures that they are of.
 *
 * @param {string} serverUrl of the restored databases @param {string} folder of the kind `erasures` @param {object} manifest
 * @returns {Promise<{ later: { realmId: string, userIds: string[], requestedBy: string, requestedByType: string }[], scheduled: { jobId: string, users: number }[] }>}
 *   `later`: erasures of which the backup knows nothing, or whose users are there; they have to be erased again. `scheduled`: those that it caught half done, as erasures that are begun anew
 */
export async function mergeErasures(serverUrl, folder, manifest) {
  const client = await connect(await databaseUrl(serverUrl, 'operations'));
  const profiles = await connect(await databaseUrl(serverUrl, 'profiles'));
  try {
    await client.query('BEGIN');
    for (const table of manifest.services.operations.tables) await take(client, join(folder, 'operations'), table);
    await refuseAnotherChain(client, folder);
    const there = await erasuresOfThoseWhoAreThere(client, profiles);
    const { rows: later } = await client.query(
      `SELECT e.realm_id AS "realmId", e.erasure_id AS "erasureId", e.requested_by AS "requestedBy", e.requested_by_type AS "requestedByType",
         ARRAY(SELECT user_id FROM known_erasure_users u WHERE u.realm_id = e.realm_id AND u.erasure_id = e.erasure_id) AS "userIds"
       FROM known_erasures e WHERE NOT EXISTS (SELECT FROM erasures r WHERE r.realm_id = e.realm_id AND r.erasure_id = e.erasure_id) OR e.erasure_id = ANY ($1::uuid[]) ORDER BY e.requested_at`,
      [there],
    );
    // What the backup caught half done would not be gone on with, once it is said to be done.
    const { rows: begun } = await client.query(
      `SELECT r.realm_id AS "realmId", r.erasure_id AS "erasureId", ARRAY(SELECT user_id FROM erasure_users u WHERE u.realm_id = r.realm_id AND u.erasure_id = r.erasure_id) AS "userIds"
       FROM erasures r JOIN known_erasures k USING (realm_id, erasure_id) WHERE r.state <> 'done' AND k.state = 'done'`,
    );
    const { rows: hidden } = await profiles.query(
      `SELECT realm_id AS "realmId", hidden_by AS "erasureId", array_agg(user_id) AS "userIds" FROM users WHERE hidden_by = ANY ($1::uuid[]) GROUP BY realm_id, hidden_by`,
      [later.map(({ erasureId }) => erasureId)],
    );
    await client.query('INSERT INTO receipt_keys SELECT * FROM known_receipt_keys ON CONFLICT DO NOTHING');
    await client.query('INSERT INTO receipts SELECT * FROM known_receipts k WHERE NOT EXISTS (SELECT FROM receipts r WHERE r.sequence = k.sequence)');
    await client.query('UPDATE receipts r SET removal_sequence = k.removal_sequence FROM known_receipts k WHERE k.sequence = r.sequence AND r.removal_sequence IS NULL AND k.removal_sequence IS NOT NULL');
    await client.query(`UPDATE erasures r SET state = k.state, receipt_sequence = k.receipt_sequence, finished_at = k.finished_at FROM known_erasures k WHERE k.realm_id = r.realm_id AND k.erasure_id = r.erasure_id AND k.state = 'done' AND r.state <> 'done'`);
    await client.query(`INSERT INTO erasures SELECT * FROM known_erasures k WHERE k.state = 'done' ON CONFLICT DO NOTHING`);
    for (const table of ['erasure_users', 'erasure_organisations']) await client.query(`INSERT INTO ${table} SELECT k.* FROM known_${table} k JOIN erasures r USING (realm_id, erasure_id) WHERE r.state = 'done' ON CONFLICT DO NOTHING`);
    const again = [...begun, ...hidden].map((one) => ({ ...one, known: one.erasureId, erasureId: randomUUID() }));
    for (const { realmId, erasureId, known, userIds } of again) {
      await client.query(`INSERT INTO erasures (realm_id, erasure_id, requested_by, requested_by_type, requested_at, request_id) SELECT realm_id, $2, requested_by, requested_by_type, now(), 'restore' FROM known_erasures WHERE realm_id = $1 AND erasure_id = $3`, [realmId, erasureId, known]);
      await client.query('INSERT INTO erasure_users (realm_id, erasure_id, user_id) SELECT $1, $2, unnest($3::uuid[])', [realmId, erasureId, userIds]);
      await client.query('INSERT INTO erasure_organisations (realm_id, erasure_id, organisation_id) SELECT realm_id, $2, organisation_id FROM known_erasure_organisations WHERE realm_id = $1 AND erasure_id = $3', [realmId, erasureId, known]);
      await client.query('INSERT INTO erasure_parts (realm_id, erasure_id, service) SELECT $1, $2, unnest($3::text[])', [realmId, erasureId, ['profiles', 'identity', 'membership', 'operations']]);
    }
    await client.query('COMMIT');
    return { later, scheduled: again.map(({ erasureId, userIds }) => ({ jobId: erasureId, users: userIds.length })) };
  } finally {
    await client.end();
    await profiles.end();
  }
}

/** Names of erased users that the restored databases never heard of, or that may be borne again since. */
export async function mergeTombstones(serverUrl, folder, manifest) {
  const client = await connect(await databaseUrl(serverUrl, 'profiles'));
  try {
    await client.query('BEGIN');
    for (const table of manifest.services.profiles.tables) await take(client, join(folder, 'profiles'), table);
    await client.query('INSERT INTO tombstones SELECT * FROM known_tombstones ON CONFLICT (realm_id, key_hash, user_id) DO UPDATE SET lifted_at = coalesce(tombstones.lifted_at, excluded.lifted_at)');
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/**
 * Erases users once more, by the same requests as at the first time, and waits until the last receipt is written.
 *
 * @param {{ call(message: object, request: object, context: object): Promise<object> }} rpc of services that serve nobody else
 * @returns {Promise<number>} how many users were there
 */
export async function eraseAgain(rpc, operations, { later, scheduled }) {
  const jobs = scheduled.map(({ jobId }) => jobId);
  let users = scheduled.reduce((sum, one) => sum + one.users, 0);
  for (const { realmId, userIds, requestedBy, requestedByType } of later) {
    for (let at = 0; at < userIds.length; at += 1_000) {
      const request = { realmId, erasureId: randomUUID(), users: userIds.slice(at, at + 1_000).map((userId) => ({ userId })), requestedBy, requestedByType };
      const { scheduled: found, jobId } = await rpc.call(operations.requestErasure, request, { requestId: 'restore' });
      users += found.filter(Boolean).length;
      if (jobId !== null) jobs.push(jobId);
    }
  }
  for (const jobId of jobs) {
    for (let state = ''; state !== 'done'; ) {
      ({ state } = await rpc.call(operations.getErasure, { jobId }, { requestId: 'restore' }));
      if (state !== 'done') await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return users;
}

/** Also what a try that was broken off has recorded and not done. */
async function erasuresOfThoseWhoAreThere(client, profiles) {
  const { rows: known } = await client.query('SELECT realm_id, user_id, erasure_id FROM known_erasure_users');
  const { rows } = await profiles.query(
    `SELECT DISTINCT k.erasure_id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS k (realm_id, user_id, erasure_id) JOIN users u USING (realm_id, user_id) WHERE u.hidden_by IS NULL`,
    ['realm_id', 'user_id', 'erasure_id'].map((column) => known.map((row) => row[column])),
  );
  return rows.map((row) => row.erasure_id);
}

async function take(client, folder, table) {
  await client.query(`CREATE TEMPORARY TABLE ${name(`known_${table.name}`)} (LIKE ${name(table.name)} INCLUDING DEFAULTS) ON COMMIT DROP`);
  await copyIn(client, folder, table, `known_${table.name}`);
}

async function refuseAnotherChain(client, folder) {
  const { rowCount } = await client.query('SELECT FROM receipts r JOIN known_receipts k USING (sequence) WHERE r.hash <> k.hash LIMIT 1');
  if (rowCount > 0) throw new StartupError(`The receipts in ${folder} are not of the same chain as those of the backup: they belong to another deployment, or to one that went on from another backup.`);
}
