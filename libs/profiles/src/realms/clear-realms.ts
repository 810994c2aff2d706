import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { operations, systemActor, type WorkCounts } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { ClosedRealmsRepository, tablesOfRealms, type RealmToClear } from './closed-realms.repository.js';

const rowsAtOnce = 5_000;
/** Users of one erasure: as many as one request may name. */
const usersAtOnce = 1_000;

/**
 * Clears what is left of projects that were deleted: users are erased as users are, in every service and with a receipt, and then
 * goes what the project had set up. In small transactions that may be repeated: a process that dies leaves the rest to the next
 * look, and any number of replicas may look at once.
 */
@Injectable()
export class ClearRealms {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly realms: ClosedRealmsRepository,
    private readonly logger: Logger,
  ) {}

  /** Goes on for as long as it may, and a step longer. `more`: time was up before the end. */
  async execute(timeIsUp: () => boolean = () => false): Promise<{ counts: WorkCounts; more: boolean }> {
    let cleared = 0;
    for (const realm of await this.realms.uncleared(this.database)) {
      cleared += await this.attempt(realm, timeIsUp);
      if (timeIsUp()) return { counts: { cleared }, more: true };
    }
    return { counts: { cleared }, more: false };
  }

  /** @returns how many are done with, one or none: what fails with one holds up no other */
  private async attempt(realm: RealmToClear, timeIsUp: () => boolean): Promise<number> {
    const { realmId } = realm;
    try {
      return (await this.clear(realm, timeIsUp, { requestId: `closed-${realmId}` })) ? 1 : 0;
    } catch (error) {
      this.logger.warn({ realmId, err: error }, 'what is left of something that was deleted could not be cleared yet');
      return 0;
    }
  }

  /** @returns whether nothing is left */
  private async clear(realm: RealmToClear, timeIsUp: () => boolean, context: CallContext): Promise<boolean> {
    const { realmId } = realm;
    await this.eraseUsers(realmId, timeIsUp, context);
    // Their rows are the erasure's: it takes them, and counts them for its receipt.
    if ((await this.realms.describe(this.database, realmId)).holdsUsers) return false;
    for (const table of tablesOfRealms) while ((await this.realms.clear(this.database, table, realmId, rowsAtOnce)) > 0) if (timeIsUp()) return false;
    if (!realm.settled) return false;
    for (const table of tablesOfRealms) if (!(await this.realms.isClear(this.database, table, realmId))) return false;
    await this.finish(realm, context);
    return true;
  }

  private async eraseUsers(realmId: string, timeIsUp: () => boolean, context: CallContext): Promise<void> {
    while (!timeIsUp()) {
      const userIds = await this.realms.visible(this.database, realmId, usersAtOnce);
      if (userIds.length === 0) return;
      const users = userIds.map((userId) => ({ userId }));
      const { scheduled } = await this.rpc.call(operations.requestErasure, { realmId, erasureId: uuidv7(), users, requestedBy: systemActor.id, requestedByType: systemActor.type }, context);
      // Another process is at the same ones.
      if (!scheduled.includes(true)) return;
    }
  }

  private async finish({ realmId, organisationId }: RealmToClear, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await this.realms.finish(tx, realmId))) return;
      await auditTrail.append(tx, context, { actor: systemActor, action: 'project.users-cleared', target: { type: 'project', id: realmId }, organisationId });
    });
    this.logger.info({ realmId }, 'nothing is left of a deleted project');
  }
}
