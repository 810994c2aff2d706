import type { QueryRunner } from 'typeorm';

/** By table, its columns that name whose a row is: a project, a realm, an organisation, a list. */
type Owners = Readonly<Record<string, readonly string[]>>;

/**
 * Has Postgres take whoever many rows belong to for one of ten, however many there were when it counted. Where each had had one row so far (one user a project, or one row in all), it
 * expected one row of any of them, also of one that had a million by then; and as soon went through all of that by whichever index begins with it as looked one row of it
 * up by its key. It holds from the next time on that Postgres counts, which is when a table has grown by a tenth.
 */
export async function countAsFew(runner: QueryRunner, owners: Owners): Promise<void> {
  await alter(runner, owners, 'SET (n_distinct = 10)');
}

export async function countAsMany(runner: QueryRunner, owners: Owners): Promise<void> {
  await alter(runner, owners, 'RESET (n_distinct)');
}

async function alter(runner: QueryRunner, owners: Owners, how: string): Promise<void> {
  for (const [table, columns] of Object.entries(owners)) await runner.query(`ALTER TABLE ${table} ${columns.map((column) => `ALTER COLUMN ${column} ${how}`).join(', ')}`);
}
