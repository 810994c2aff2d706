import type { PoolClient } from 'pg';
import type { Database } from './database.js';

/**
 * `removed`: no segment of before is left. `recycled`: segments were renamed for later use with what is in them (`wal_recycle`).
 * `archived`, `kept-for-replicas`: somebody else has them, or needs them. `not-permitted`: the role may not do it.
 */
export type WriteAheadLogOutcome = 'removed' | 'recycled' | 'archived' | 'kept-for-replicas' | 'not-permitted';

/** Has the server leave the write-ahead log that there is behind: everything written before is in segments that it then removes. */
export async function removeWriteAheadLog(database: Database): Promise<WriteAheadLogOutcome> {
  const client = await database.connect();
  try {
    await client.query('SET statement_timeout = 0');
    const { rows } = await client.query<{ segment: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS segment');
    await client.query('CHECKPOINT');
    return await outcome(client, rows[0]!.segment);
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return 'not-permitted';
    throw error;
  } finally {
    client.release(true); // with its settings
  }
}

/** @param segment the last that was written before the switch */
async function outcome(client: PoolClient, segment: string): Promise<WriteAheadLogOutcome> {
  const { rows } = await client.query<{ archives: boolean; recycles: boolean; replicas: number }>(
    `SELECT current_setting('archive_mode') <> 'off' AS archives, current_setting('wal_recycle')::boolean AS recycles,
            (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_stat_replication) + (current_setting('wal_keep_size') <> '0')::int AS replicas`,
  );
  const { archives, recycles, replicas } = rows[0]!;
  if (archives) return 'archived';
  if (Number(replicas) > 0) return 'kept-for-replicas';
  if (recycles) return 'recycled';
  const left = await client.query(`SELECT FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name <= $1 LIMIT 1`, [segment]);
  return left.rowCount === 0 ? 'removed' : 'kept-for-replicas';
}
