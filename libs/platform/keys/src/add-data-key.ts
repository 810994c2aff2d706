import { randomBytes } from 'node:crypto';
import { auditTrail } from '#libs/platform/audit';
import type { Transaction } from '#libs/platform/database';
import { StartupError } from '#libs/platform/errors';
import { dataKeysRepository } from './data-keys.repository.js';
import { madeAt, openRoot, sealRoot } from './root-keys.js';

/** A rotation of all services that was broken off may be begun anew for so long: those that have a new key keep it. */
const sameRotationMs = 10 * 60_000;

/**
 * Adds a secret to those of a service, which its processes find by themselves and use a minute later.
 * @param tx of the service's database, over when this is
 * @param ageMs more than `usedAfterMs`: it is used at once, which is for when nobody runs who has not got it
 * @returns false where one was added a moment ago
 * @throws StartupError when the master key is not that of the database
 */
export async function addDataKey(tx: Transaction, service: string, masterKey: Buffer, requestId: string, ageMs = 0): Promise<boolean> {
  await dataKeysRepository.lock(tx);
  const stored = await dataKeysRepository.list(tx);
  if (stored.length === 0) throw new StartupError(`The ${service} database has no data key yet: start Rollcall once.`);
  if (stored.some((key) => openRoot(masterKey, service, key) === null)) {
    throw new StartupError(`The master key does not open the keys in the ${service} database: give the one that Rollcall was last started with; and where it was changed since, start Rollcall once.`);
  }
  const name = await dataKeysRepository.nextName(tx, ageMs);
  const last = stored.at(-1)!.name;
  if (last !== 'root' && madeAt(name) - madeAt(last) < sameRotationMs) return false;
  await dataKeysRepository.insert(tx, name, sealRoot(masterKey, service, { name, secret: randomBytes(32) }));
  await auditTrail.append(tx, { requestId }, { actor: { type: 'system', id: 'operator' }, action: 'data-key.rotated', target: { type: 'data-key', id: service }, after: [name] });
  return true;
}
