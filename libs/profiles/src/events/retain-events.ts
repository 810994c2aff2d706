import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { RestartSegments } from '../segments/restart-segments.js';
import { EventRetentionRepository } from './event-retention.repository.js';

/** Rows of one statement: nobody waits for it, and its time limit is far. */
const rowsAtOnce = 5_000;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Deletes tracked events that are older than their project keeps them (`event_retention_days`), and partitions that have
 * nothing in them any more. Cut short, it goes on the next time; any number of replicas may do so at once.
 */
@Injectable()
export class RetainEvents {
  constructor(
    private readonly database: Database,
    private readonly events: EventRetentionRepository,
    private readonly segments: RestartSegments,
    private readonly rpc: RpcClient,
  ) {}

  /**
   * @param timeIsUp asked between batches: when it says so, the rest is left
   * @returns how many events were deleted, and the partitions that were dropped; `more`: something is left
   */
  async execute(context: CallContext, timeIsUp: () => boolean = () => false): Promise<{ deleted: number; dropped: string[]; more: boolean }> {
    let deleted = 0;
    let after: string | undefined;
    do {
      const { projects, nextCursor }: { projects: membership.ProjectDetails[]; nextCursor: string | null } = await this.rpc.call(membership.listProjects, { limit: 100, after }, context);
      for (const { projectId, settings } of projects) if (settings.event_retention_days !== undefined) deleted += await this.deleteOld(projectId, settings.event_retention_days, timeIsUp);
      if (timeIsUp()) return { deleted, dropped: [], more: true };
      after = nextCursor ?? undefined;
    } while (after !== undefined);
    return { deleted, dropped: await this.dropEmpty(), more: false };
  }

  private async deleteOld(realmId: string, days: number, timeIsUp: () => boolean): Promise<number> {
    let sum = 0;
    for (let from = firstId, rows = rowsAtOnce; rows === rowsAtOnce && !timeIsUp(); sum += rows) {
      const batch = await this.database.withTransaction(async (tx) => {
        const gone = await this.events.deleteOld(tx, realmId, days, from, rowsAtOnce);
        // Who counts events counts fewer now; users are not told of one by one. With the batch: of what a process that dies has deleted, nobody would hear.
        if (gone.deleted > 0) await this.segments.within(tx, realmId, ['events']);
        return gone;
      });
      rows = batch.deleted;
      from = batch.last ?? from;
    }
    return sum;
  }

  private async dropEmpty(): Promise<string[]> {
    const dropped: string[] = [];
    for (const partition of await this.events.pastMonths(this.database)) {
      if (!(await this.events.isEmpty(this.database, partition))) continue;
      await this.database.withTransaction(async (tx) => {
        await this.events.lock(tx);
        // Somebody may have sent an old event meanwhile.
        if (!(await this.events.isEmpty(tx, partition))) return;
        await this.events.drop(tx, partition);
        dropped.push(partition);
      });
    }
    return dropped;
  }
}
