import pg from 'pg';
import type { Database, Queryable } from '#libs/platform/database';

/** A node of a plan, as EXPLAIN gives it. */
export interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Alias?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}

/** How Postgres ran the statement. */
export async function planOf(database: Pick<Queryable, 'query'>, text: string, parameters: readonly unknown[]): Promise<Plan> {
  const [explained] = await database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, parameters);
  return explained!['QUERY PLAN'][0].Plan;
}

/** How Postgres ran the statements of a read, in their order. */
export async function plansOf(database: Pick<Queryable, 'query'>, read: (on: Queryable) => Promise<unknown>): Promise<Plan[]> {
  const plans: Plan[] = [];
  await read({
    query: async (statement, parameters = []) => {
      plans.push(await planOf(database, typeof statement === 'string' ? statement : statement.text, parameters));
      return database.query(statement, parameters);
    },
    execute: async () => 0,
  });
  return plans;
}

export function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Names of the indexes that were gone by, and of tables that were read from one end to the other. */
export function indexScans(plan: Plan): string[] {
  return nodesOf(plan).flatMap((node) => node['Index Name'] ?? (node['Node Type'] === 'Seq Scan' ? [`all of ${node['Relation Name'] ?? '?'}`] : []));
}

/** Runs the statement. @returns how many rows it looked at in vain */
export async function rowsPassedOver(database: Pick<Queryable, 'query'>, statement: { readonly text: string }, parameters: readonly unknown[]): Promise<number> {
  return passedOver(await planOf(database, statement.text, parameters));
}

/** How many rows were looked at in vain, or paired in vain with others. */
export function passedOver(plan: Plan): number {
  return nodesOf(plan).reduce((rows, { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Join Filter': unpaired = 0, 'Actual Loops': loops }) => rows + (filtered + unpaired) * loops, 0);
}

/**
 * Runs a read as often as Postgres needs to settle how a prepared statement is planned, and once more.
 * @returns names of the statements that are planned anew each time, and texts that are not prepared at all
 */
export async function plannedAnew(database: Pick<Database, 'withTransaction'>, read: (on: Queryable) => Promise<unknown>): Promise<string[]> {
  return database.withTransaction(async (tx) => {
    const [names, texts] = [new Set<string>(), new Set<string>()];
    const on: Queryable = {
      query: (statement, parameters) => {
        if (typeof statement === 'string') texts.add(statement);
        else names.add(statement.name);
        return tx.query(statement, parameters);
      },
      execute: (statement, parameters) => tx.execute(statement, parameters),
    };
    for (let time = 0; time < 7; time += 1) await read(on);
    const kept = await tx.query<{ name: string }>('SELECT name FROM pg_prepared_statements WHERE name = ANY ($1) AND generic_plans > 0', [[...names]]);
    for (const { name } of kept) names.delete(name);
    return [...names, ...texts];
  });
}

/**
 * Runs the statement in a transaction that is taken back, with a plan made for these parameters and with one made for any.
 * @returns how many rows each of the two looked at, in tables, indexes and what it had put together
 */
export async function rowsLookedAt(database: Pick<Database, 'withTransaction'>, text: string, parameters: readonly unknown[]): Promise<{ custom: number; generic: number }> {
  const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => string | null } }).utils;
  const literals = parameters.map((parameter) => (parameter === null ? 'NULL' : pg.escapeLiteral(String(prepareValue(parameter)))));
  const looked = async (mode: 'custom' | 'generic'): Promise<number> => {
    let rows = 0;
    const takenBack = new Error('taken back');
    await database
      .withTransaction(async (tx) => {
        await tx.query(`SET LOCAL plan_cache_mode = force_${mode}_plan`);
        await tx.query(`PREPARE looked_at AS ${text}`);
        const [explained] = await tx.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE looked_at${literals.length === 0 ? '' : `(${literals.join(', ')})`}`);
        await tx.query('DEALLOCATE looked_at');
        const scans = nodesOf(explained!['QUERY PLAN'][0].Plan).filter((node) => node['Node Type'].includes('Scan') && (node['Node Type'] === 'CTE Scan' || (node['Relation Name'] ?? node['Index Name']) !== undefined));
        rows = scans.reduce((all, { 'Actual Rows': found, 'Actual Loops': loops, 'Rows Removed by Filter': removed = 0 }) => all + (found + removed) * loops, 0);
        throw takenBack;
      })
      .catch((error: unknown) => {
        if (error !== takenBack) throw error;
      });
    return Math.round(rows);
  };
  return { custom: await looked('custom'), generic: await looked('generic') };
}
