import { sql, type Transaction } from '#libs/platform/database';

/** Any number that is ours in this database. */
const upkeepLock = 7_245_102;

const tryLock = sql('upkeep.try_lock', 'SELECT pg_try_advisory_xact_lock($1) AS locked');

export const upkeepRepository = {
  /** @returns false while another replica is at it */
  async tryLock(tx: Transaction): Promise<boolean> {
    return (await tx.query<{ locked: boolean }>(tryLock, [upkeepLock]))[0]!.locked;
  },
};
