import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { SuppressionCursors } from './suppression-cursors.js';
import { SuppressionsRepository } from './suppressions.repository.js';
import { TombstoneKeys } from './tombstone-keys.js';

/** Shows which names of a realm are suppressed, and whether one is. */
@Injectable()
export class FindSuppressions {
  constructor(
    private readonly database: Database,
    private readonly suppressions: SuppressionsRepository,
    private readonly cursors: SuppressionCursors,
    private readonly keys: TombstoneKeys,
  ) {}

  async page({ realmId, limit, cursor }: RequestOf<typeof profiles.listSuppressions>): Promise<ResponseOf<typeof profiles.listSuppressions>> {
    const after = cursor === undefined ? undefined : this.cursors.open(cursor, realmId);
    // One more than asked tells whether there is a next page.
    const rows = await this.suppressions.list(this.database, realmId, after, limit + 1);
    const page = rows.slice(0, limit);
    return { suppressions: page, nextCursor: rows.length > limit ? this.cursors.seal(page.at(-1)!, realmId) : null };
  }

  async check({ realmId, user }: RequestOf<typeof profiles.checkSuppression>): Promise<ResponseOf<typeof profiles.checkSuppression>> {
    const hashes = this.keys.of(realmId, user);
    const since = await this.suppressions.since(this.database, realmId, hashes);
    return { since, suppressions: since === null ? [] : await this.suppressions.ofBearers(this.database, realmId, hashes) };
  }
}
