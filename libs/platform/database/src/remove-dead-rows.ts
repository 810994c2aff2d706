import type { PoolClient } from 'pg';
import type { Database } from './database.js';

/** `rewritten`: a table or partition has a new file without dead rows. The others say why it has not. */
export type DeadRowsOutcome = 'rewritten' | 'unchanged' | 'too-large' | 'busy' | 'not-permitted';

export interface DeadRowsOrder {
  /** Tables; of a partitioned one every partition is looked at. */
  tables: readonly string[];
  /** Larger ones, with their indexes, are only vacuumed: nobody can use a table while it is rewritten. Bytes. */
  largestBytes: number;
  /** `mark` of each as it was answered before: what has seen no change since is left as it is. */
  since: Readonly<Record<string, string>>;
}

export type DeadRowsReport = Record<string, { outcome: DeadRowsOutcome; mark: string }>;

interface Leaf {
  name: string;
  bytes: number;
  changes: string;
  isOwner: boolean;
}

/** Small ones are rewritten in any case: counters of changes come late, by up to a minute. */
const alwaysBelowBytes = 64 * 1024 * 1024;
/** How long others may have to wait because we wait for them. */
const lockTimeout = '2s';
const lockAttempts = 8;
const pauseMs = 1_000;
/** Requests end after 15 s, so that what is older than this is somebody else's. */
const olderTransactionsMs = 30_000;

/**
 * Removes what deleted and changed rows have left in the files of tables and of their indexes. DELETE and VACUUM leave the bytes
 * where they are; only writing the table anew (VACUUM FULL) is known to leave nothing, and it locks the table meanwhile.
 */
export async function removeDeadRows(database: Database, { tables, largestBytes, since }: DeadRowsOrder): Promise<DeadRowsReport> {
  const client = await database.connect();
  try {
    await client.query(`SET statement_timeout = 0; SET lock_timeout = '${lockTimeout}'`);
    const leaves = await listLeaves(client, tables);
    const isClear = await olderTransactionsEnd(client);
    const report: DeadRowsReport = {};
    for (const leaf of leaves) report[leaf.name] = { outcome: isClear ? await treat(client, leaf, since[leaf.name], largestBytes) : 'busy', mark: leaf.changes };
    return report;
  } finally {
    client.release(true); // with its settings
  }
}

async function treat(client: PoolClient, { name, bytes, changes, isOwner }: Leaf, mark: string | undefined, largestBytes: number): Promise<DeadRowsOutcome> {
  if (bytes > alwaysBelowBytes && mark === changes) return 'unchanged';
  if (!isOwner) return 'not-permitted';
  if (bytes > largestBytes) {
    await client.query(`VACUUM ${name}`);
    return 'too-large';
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`VACUUM FULL ${name}`);
      await client.query(`VACUUM ${name}`); // what index-only scans look at
      return 'rewritten';
    } catch (error) {
      const { code } = error as { code?: string };
      // Gone meanwhile: a partition that was dropped, with its file.
      if (code === '42P01') return 'rewritten';
      if (code !== '55P03' && code !== '40P01') throw error;
      if (attempt === lockAttempts) return 'busy';
      await pause();
    }
  }
}

/** A partitioned table has no file of its own, its partitions have. Counters begin anew with the server, so its start is part of the mark. Names are quoted where that is needed. */
async function listLeaves(client: PoolClient, tables: readonly string[]): Promise<Leaf[]> {
  const { rows } = await client.query<Leaf>(
    `SELECT leaf.relid::regclass::text AS name, pg_total_relation_size(leaf.relid) AS bytes, pg_has_role(c.relowner, 'USAGE') AS "isOwner",
            extract(epoch FROM pg_postmaster_start_time())::bigint || ':' || coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0) AS changes
     FROM unnest($1::text[]) AS asked (name),
          LATERAL (SELECT relid FROM pg_partition_tree(quote_ident(asked.name)::regclass) UNION SELECT quote_ident(asked.name)::regclass) AS leaf
     JOIN pg_class c ON c.oid = leaf.relid AND c.relkind = 'r' LEFT JOIN pg_stat_user_tables s ON s.relid = leaf.relid
     ORDER BY 1`,
    [tables],
  );
  return rows;
}

/** A row that an open transaction may still see is copied by a rewrite, dead as it is. @returns whether all have ended */
async function olderTransactionsEnd(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ xid: string }>('SELECT pg_current_xact_id()::xid::text AS xid');
  for (const until = Date.now() + olderTransactionsMs; ; ) {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL) AND backend_type <> 'autovacuum worker'
         AND greatest(age(backend_xid), age(backend_xmin)) >= age($1::text::xid) LIMIT 1`,
      [rows[0]!.xid],
    );
    if (rowCount === 0) return true;
    if (Date.now() > until) return false;
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pauseMs));
}
