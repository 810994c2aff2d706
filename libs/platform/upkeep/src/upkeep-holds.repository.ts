import { sql, type Queryable } from '#libs/platform/database';

const take = sql(
  'upkeep_holds.take',
  `INSERT INTO upkeep_holds AS held (task, holder, held_until) VALUES ($1, $2, now() + make_interval(secs => $3))
   ON CONFLICT ON CONSTRAINT upkeep_holds_pkey DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until WHERE held.held_until < now()`,
);
const renew = sql('upkeep_holds.renew', 'UPDATE upkeep_holds SET held_until = now() + make_interval(secs => $3) WHERE task = $1 AND holder = $2');
const release = sql('upkeep_holds.release', 'DELETE FROM upkeep_holds WHERE task = $1 AND holder = $2');

/** All SQL of `upkeep_holds`. Times are the database's. */
export const upkeepHoldsRepository = {
  /** @returns false: somebody else holds it */
  async take(on: Queryable, task: string, holder: string, ms: number): Promise<boolean> {
    return (await on.execute(take, [task, holder, ms / 1_000])) === 1;
  },

  /** @returns false: it was taken for lost, and somebody else may hold it */
  async renew(on: Queryable, task: string, holder: string, ms: number): Promise<boolean> {
    return (await on.execute(renew, [task, holder, ms / 1_000])) === 1;
  },

  async release(on: Queryable, task: string, holder: string): Promise<void> {
    await on.execute(release, [task, holder]);
  },
};
