import { built, connect, databaseUrl } from './backup/databases.mjs';
import { masterKeys } from './backup/master-key-name.mjs';

/**
 * Adds a data key to a service's database, in one transaction with its row of the audit trail.
 *
 * @param {string} serverUrl what DATABASE_URL is for the service
 * @param {string} service `identity`
 * @param {{ dataDir: string, requestId: string, env?: NodeJS.ProcessEnv }} options `dataDir`: for the master key
 * @returns {Promise<boolean>} false where one was added a moment ago: so a rotation that was broken off can be begun anew
 */
export async function rotateDataKey(serverUrl, service, { dataDir, requestId, env = process.env }) {
  const { addDataKey } = await built('libs/platform/keys/src/index.js');
  const client = await connect(await databaseUrl(serverUrl, service));
  const sent = [];
  const run = (statement, parameters = []) => client.query(typeof statement === 'string' ? statement : statement.text, [...parameters]);
  const tx = {
    query: async (...call) => (await run(...call)).rows,
    execute: async (...call) => (await run(...call)).rowCount ?? 0,
    send: (...call) => void sent.push(call),
    afterCommit: () => undefined,
  };
  try {
    await client.query('BEGIN');
    const added = await addDataKey(tx, service, masterKeys(dataDir, env)[0].bytes, requestId);
    for (const call of sent) await run(...call);
    await client.query('COMMIT');
    return added;
  } finally {
    await client.end();
  }
}
