import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { operations, systemActor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { ClosedRealmsRepository, tablesOfRealms, type RealmToClear } from './closed-realms.repository.js';

const everyMs = 5_000;
const rowsAtOnce = 5_000;
/** Users of one erasure: as many as one request may name. */
const usersAtOnce = 1_000;

/**
 * Clears what is left of projects that were deleted: users are erased as users are, in every service and with a receipt, and then
 * goes what the project had set up. In small transactions that may be repeated: a process that dies leaves the rest to the next
 * look, and any number of replicas may look at once.
 */
@Injectable()
export class ClearRealms implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly realms: ClosedRealmsRepository,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.execute().finally(() => (this.running = undefined));
    }, everyMs);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  async execute(): Promise<void> {
    try {
      for (const realm of await this.realms.uncleared(this.database)) await this.attempt(realm);
    } catch (error) {
      this.logger.debug({ err: error }, 'deleted projects could not be looked for, trying again');
    }
  }

  private async attempt(realm: RealmToClear): Promise<void> {
    const { realmId } = realm;
    try {
      await this.clear(realm, { requestId: `closed-${realmId}` });
    } catch (error) {
      this.logger.warn({ realmId, err: error }, 'what is left of a deleted project could not be cleared yet');
    }
  }

  private async clear(realm: RealmToClear, context: CallContext): Promise<void> {
    const { realmId } = realm;
    await this.eraseUsers(realmId, context);
    // Their rows are the erasure's: it takes them, and counts them for its receipt.
    if ((await this.realms.describe(this.database, realmId)).holdsUsers) return;
    for (const table of tablesOfRealms) while ((await this.realms.clear(this.database, table, realmId, rowsAtOnce)) > 0) continue;
    if (!realm.settled) return;
    for (const table of tablesOfRealms) if (!(await this.realms.isClear(this.database, table, realmId))) return;
    await this.finish(realm, context);
  }

  private async eraseUsers(realmId: string, context: CallContext): Promise<void> {
    for (;;) {
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
