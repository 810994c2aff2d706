import { Injectable } from '@nestjs/common';
import { profiles, systemActor, type WorkCounts } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { EraseLogins } from '../erasure/erase-logins.js';
import { HideLogins } from '../erasure/hide-logins.js';
import { closedPlacesRepository, type PlaceToClear } from './closed-places.repository.js';
import { tablesOfPlaces } from './tables-of-places.js';

/** Rows of one statement, and users of one transaction. */
const rowsAtOnce = 2_000;
const usersAtOnce = 200;

/**
 * Clears what is left of organisations and projects that were deleted, in small transactions that may be repeated: a process that
 * dies leaves the rest to the next look, and any number of replicas may look at once.
 */
@Injectable()
export class ClearPlaces {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly hideLogins: HideLogins,
    private readonly eraseLogins: EraseLogins,
    private readonly logger: Logger,
  ) {}

  /** Goes on for as long as it may, and a step longer. `more`: time was up before the end. */
  async execute(timeIsUp: () => boolean = () => false): Promise<{ counts: WorkCounts; more: boolean }> {
    let cleared = 0;
    for (const place of await closedPlacesRepository.uncleared(this.database)) {
      cleared += await this.attempt(place, timeIsUp);
      if (timeIsUp()) return { counts: { cleared }, more: true };
    }
    return { counts: { cleared }, more: false };
  }

  /** @returns how many are done with, one or none: what fails with one holds up no other */
  private async attempt(place: PlaceToClear, timeIsUp: () => boolean): Promise<number> {
    const { placeId } = place;
    try {
      return (await this.clear(place, timeIsUp, { requestId: `closed-${placeId}` })) ? 1 : 0;
    } catch (error) {
      this.logger.warn({ placeId, err: error }, 'what is left of something that was deleted could not be cleared yet');
      return 0;
    }
  }

  /** @returns whether nothing is left */
  private async clear(place: PlaceToClear, timeIsUp: () => boolean, context: CallContext): Promise<boolean> {
    const { level, placeId } = place;
    if (level === 'project' && !(await this.clearUsers(placeId, timeIsUp, context))) return false;
    const tables = tablesOfPlaces[level];
    for (const table of tables) while ((await closedPlacesRepository.clear(this.database, table, placeId, rowsAtOnce)) > 0) if (timeIsUp()) return false;
    if (!place.settled) return false;
    // Asked again, as after an erasure: it is done when there is nothing, and not when everything was deleted.
    const counts = await Promise.all(tables.map((table) => closedPlacesRepository.count(this.database, table, placeId)));
    if (!counts.every((rows) => rows === 0)) return false;
    await this.finish(place, context);
    return true;
  }

  /** @returns whether nobody is left */
  private async clearUsers(realmId: string, timeIsUp: () => boolean, context: CallContext): Promise<boolean> {
    while ((await closedPlacesRepository.endSessions(this.database, realmId, rowsAtOnce)) > 0) if (timeIsUp()) return false;
    // Whoever has a profile is erased as users are, everywhere and with a receipt: that job comes here too.
    if ((await this.rpc.call(profiles.describeRealm, { realmId }, context)).holdsUsers) return false;
    while (!timeIsUp()) {
      const userIds = await closedPlacesRepository.users(this.database, realmId, usersAtOnce);
      if (userIds.length === 0) return true;
      await this.hideLogins.execute({ realmId, userIds }, context);
      await this.eraseLogins.execute({ realmId, userIds });
    }
    return false;
  }

  private async finish({ level, placeId, organisationId }: PlaceToClear, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await closedPlacesRepository.finish(tx, placeId))) return;
      await auditTrail.append(tx, context, { actor: systemActor, action: `${level}.logins-cleared`, target: { type: level, id: placeId }, organisationId });
    });
    this.logger.info({ placeId, level }, 'nothing is left of a deleted organisation or project');
  }
}
