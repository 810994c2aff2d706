/** Runs one statement in the transaction. */
export type RunSql = <Row>(text: string) => Promise<Row[]>;

const monthsAhead = 3;

/** Any number that is ours: two replicas must not make the same partition. */
const partitionLock = 7_245_101;

/** Columns whose values must not be copied into the planner's statistics; a new partition doesn't inherit that. */
const personalColumns = ['event_id', 'value', 'properties'];

interface Month {
  name: string;
  from: string;
  to: string;
}

const bound = `'YYYY-MM-DD"T00:00:00+00"'`;

const missingMonths = `
  SELECT name, to_char(month, ${bound}) AS "from", to_char(month + interval '1 month', ${bound}) AS "to"
  FROM generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'), date_trunc('month', now() AT TIME ZONE 'UTC') + interval '${monthsAhead} months', interval '1 month') AS month,
       LATERAL (SELECT to_char(month, '"user_events_"YYYY_MM') AS name) AS named
  WHERE to_regclass(name) IS NULL
  ORDER BY month`;

/**
 * Makes the partitions of `user_events` for this month and the three after it, where they are missing. To be run in a
 * transaction. Rows that meanwhile went to the default partition, because nobody had called this for months, are moved.
 *
 * @returns the names of the partitions that were made
 */
export async function ensureEventPartitions(run: RunSql): Promise<string[]> {
  await run(`SELECT pg_advisory_xact_lock(${partitionLock})`);
  const months = await run<Month>(missingMonths);
  for (const month of months) await makePartition(run, month);
  return months.map(({ name }) => name);
}

async function makePartition(run: RunSql, { name, from, to }: Month): Promise<void> {
  await run(`CREATE TABLE ${name} (LIKE user_events INCLUDING DEFAULTS)`);
  await run(`ALTER TABLE ${name} ${personalColumns.map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(', ')}`);
  await run('LOCK TABLE user_events_default IN ACCESS EXCLUSIVE MODE');
  await run(`
    WITH moved AS (DELETE FROM user_events_default WHERE occurred_at >= '${from}' AND occurred_at < '${to}' RETURNING *)
    INSERT INTO ${name} SELECT * FROM moved`);
  await run(`ALTER TABLE user_events ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`);
}
