import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { profiles, systemActor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { EraseLogins } from '../erasure/erase-logins.js';
import { HideLogins } from '../erasure/hide-logins.js';
import { closedPlacesRepository, type PlaceToClear } from './closed-places.repository.js';
import { tablesOfPlaces } from './tables-of-places.js';

const everyMs = 5_000;
/** Rows of one statement, and users of one transaction. */
const rowsAtOnce = 2_000;
const usersAtOnce = 200;

/**
 * Clears what is left of organisations and projects that were deleted, in small transactions that may be repeated: a process that
 * dies leaves the rest to the next look, and any number of replicas may look at once.
 */
@Injectable()
export class ClearPlaces implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly hideLogins: HideLogins,
    private readonly eraseLogins: EraseLogins,
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
      for (const place of await closedPlacesRepository.uncleared(this.database)) await this.attempt(place);
    } catch (error) {
      this.logger.debug({ err: error }, 'what was deleted could not be looked for, trying again');
    }
  }

  private async attempt(place: PlaceToClear): Promise<void> {
    const { placeId } = place;
    try {
      await this.clear(place, { requestId: `closed-${placeId}` });
    } catch (error) {
      this.logger.warn({ placeId, err: error }, 'what is left of a deleted organisation or project could not be cleared yet');
    }
  }

  private async clear(place: PlaceToClear, context: CallContext): Promise<void> {
    const { level, placeId } = place;
    if (level === 'project' && !(await this.clearUsers(placeId, context))) return;
    const tables = tablesOfPlaces[level];
    for (const table of tables) while ((await closedPlacesRepository.clear(this.database, table, placeId, rowsAtOnce)) > 0) continue;
    if (!place.settled) return;
    // Asked again, as after an erasure: it is done when there is nothing, and not when everything was deleted.
    const counts = await Promise.all(tables.map((table) => closedPlacesRepository.count(this.database, table, placeId)));
    if (counts.every((rows) => rows === 0)) await this.finish(place, context);
  }

  /** @returns whether nobody is left */
  private async clearUsers(realmId: string, context: CallContext): Promise<boolean> {
    while ((await closedPlacesRepository.endSessions(this.database, realmId, rowsAtOnce)) > 0) continue;
    // Whoever has a profile is erased as users are, everywhere and with a receipt: that job comes here too.
    if ((await this.rpc.call(profiles.describeRealm, { realmId }, context)).holdsUsers) return false;
    for (;;) {
      const userIds = await closedPlacesRepository.users(this.database, realmId, usersAtOnce);
      if (userIds.length === 0) return true;
      await this.hideLogins.execute({ realmId, userIds }, context);
      await this.eraseLogins.execute({ realmId, userIds });
    }
  }

  private async finish({ level, placeId, organisationId }: PlaceToClear, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await closedPlacesRepository.finish(tx, placeId))) return;
      await auditTrail.append(tx, context, { actor: systemActor, action: `${level}.logins-cleared`, target: { type: level, id: placeId }, organisationId });
    });
    this.logger.info({ placeId, level }, 'nothing is left of a deleted organisation or project');
  }
}
