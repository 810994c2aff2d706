import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { ErasureKey } from './erasures.repository.js';

type Part = operations.ErasurePart;

const insert = sql(
  'erasure_parts.insert',
  'INSERT INTO erasure_parts (realm_id, erasure_id, service) SELECT $1::uuid, $2::uuid, unnest($3::text[]) ON CONFLICT ON CONSTRAINT erasure_parts_pkey DO NOTHING',
);
// The sweep goes by the erasure's row: whatever is begun of it counts there.
export const begin = sql(
  'erasure_parts.begin',
  `WITH begun AS (UPDATE erasures SET state = 'running', attempts = attempts + 1, attempted_at = now() WHERE realm_id = $1 AND erasure_id = $2 AND finished_at IS NULL RETURNING realm_id, erasure_id, requested_at)
   INSERT INTO erasure_parts (realm_id, erasure_id, service, state, attempts) SELECT realm_id, erasure_id, $3, 'running', 1 FROM begun
   ON CONFLICT ON CONSTRAINT erasure_parts_pkey DO UPDATE SET state = 'running', attempts = erasure_parts.attempts + 1 WHERE erasure_parts.state <> 'done'
   RETURNING (SELECT requested_at FROM begun) AS "requestedAt"`,
);
const finish = sql('erasure_parts.finish', `UPDATE erasure_parts SET state = 'done', finished_at = now() WHERE realm_id = $1 AND erasure_id = $2 AND service = $3 AND state <> 'done'`);
const reopen = sql('erasure_parts.reopen', `UPDATE erasure_parts SET state = 'scheduled', finished_at = NULL WHERE realm_id = $1 AND erasure_id = $2 AND service = ANY ($3::text[])`);
const list = sql('erasure_parts.list', 'SELECT service, state, attempts, finished_at AS "finishedAt" FROM erasure_parts WHERE realm_id = $1 AND erasure_id = $2');

/** All SQL of `erasure_parts`. */
@Injectable()
export class ErasurePartsRepository {
  async insert(tx: Transaction, { realmId, erasureId }: ErasureKey): Promise<void> {
    await tx.execute(insert, [realmId, erasureId, operations.erasureServices]);
  }

  /** Counts an attempt. @returns when the erasure was asked for; undefined when the part or the erasure is done, or there is none */
  async begin(on: Queryable, { realmId, erasureId }: ErasureKey, service: Part['service']): Promise<string | undefined> {
    return (await on.query<{ requestedAt: string }>(begin, [realmId, erasureId, service]))[0]?.requestedAt;
  }

  async finish(on: Queryable, { realmId, erasureId }: ErasureKey, service: Part['service']): Promise<void> {
    await on.execute(finish, [realmId, erasureId, service]);
  }

  /** What was said to be done and is not has to be done again. */
  async reopen(on: Queryable, { realmId, erasureId }: ErasureKey, services: readonly string[]): Promise<void> {
    await on.execute(reopen, [realmId, erasureId, services]);
  }

  /** Every service's, always in the same order. */
  async list(on: Queryable, { realmId, erasureId }: ErasureKey): Promise<Part[]> {
    const rows = await on.query<Part>(list, [realmId, erasureId]);
    return operations.erasureServices.map((service) => rows.find((row) => row.service === service) ?? { service, state: 'scheduled', attempts: 0, finishedAt: null });
  }
}
