import type { Counter } from 'prom-client';
import { isFailure } from '#libs/platform/errors';
import type { Database, Queryable } from './database.js';
import type { ReadReplica } from './read-replica.js';

/** What a list is read from. */
export type ListSource = Queryable & Pick<Database, 'withSnapshot'>;

const cancelled = '57014';

/** Where a service reads its lists: from a replica, where it has one that is up to date, else from its own database. */
export class ListReads {
  constructor(
    private readonly database: Database,
    private readonly replica: ReadReplica | undefined,
    private readonly reads: Counter<'database' | 'from'>,
  ) {}

  /**
   * Runs `work`, which only reads; once more, from the service's own database, where the replica could not answer. It sees everything that was committed
   * before the call, wherever it reads.
   */
  async run<T>(work: (from: ListSource) => Promise<T>): Promise<T> {
    if (this.replica === undefined) return work(this.database);
    if (await this.replica.hasCaughtUp()) {
      try {
        const answer = await work(this.replica.database);
        this.count('replica');
        return answer;
      } catch (error) {
        // What is refused is refused by either, and what takes too long is not to be begun anew.
        if ((isFailure(error) && !isFailure(error, 'service-unavailable')) || (error as { code?: string }).code === cancelled) throw error;
        this.replica.failed();
      }
    }
    this.count('primary');
    return work(this.database);
  }

  private count(from: 'replica' | 'primary'): void {
    this.reads.inc({ database: this.database.service, from });
  }
}
