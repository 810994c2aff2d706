import { randomBytes } from 'node:crypto';
import type { Database } from '#libs/platform/database';
import { sealRoot, usedAfterMs } from '#libs/platform/keys';

/**
 * Adds a data key to a service's database, as a rotation does that was a while ago: whoever looks for it uses it.
 * @returns the secret that keys come from now
 */
export async function rotatedDataKey(database: Database, masterKey: Buffer, ageMs = usedAfterMs + 1): Promise<Buffer> {
  const [name, secret] = [`root-${String(Date.now() - ageMs).padStart(15, '0')}`, randomBytes(32)];
  await database.execute('INSERT INTO data_keys (name, sealed) VALUES ($1, $2)', [name, sealRoot(masterKey, database.service, { name, secret })]);
  return secret;
}
