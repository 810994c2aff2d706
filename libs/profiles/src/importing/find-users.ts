import { Injectable } from '@nestjs/common';
import { isStorable, type profiles } from '#libs/contracts';
import { Database, sql } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';

interface Found {
  place: number;
  userId: string;
  email: string | null;
}

// A LIMIT because the planner, which may keep no statistics of these columns, would else expect thousands.
const find = sql(
  'users.find_many',
  `SELECT wanted.place, u.user_id AS "userId", u.email
   FROM json_to_recordset($2::json) AS wanted (place integer, "userId" uuid, "externalId" text),
   LATERAL (SELECT coalesce(wanted."userId",
     (SELECT named.user_id FROM users named WHERE named.realm_id = $1 AND named.external_id = wanted."externalId" AND named.hidden_by IS NULL LIMIT 1),
     (SELECT alias.user_id FROM user_aliases alias WHERE alias.realm_id = $1 AND alias.uid = wanted."externalId")) AS user_id) AS meant
   JOIN users u ON u.realm_id = $1 AND u.user_id = meant.user_id AND u.hidden_by IS NULL`,
);

/** Looks up many users by id or external id. */
@Injectable()
export class FindUsers {
  constructor(
    private readonly database: Database,
    private readonly tombstones: TombstonesRepository,
    private readonly keys: TombstoneKeys,
  ) {}

  async execute({ realmId, users }: RequestOf<typeof profiles.findUsers>): Promise<ResponseOf<typeof profiles.findUsers>> {
    // A name that Postgres can't even keep is nobody's.
    const wanted = users.flatMap((user, place) => ('userId' in user || isStorable(user.externalId) ? [{ place, ...user }] : []));
    const rows = await this.database.query<Found>(find, [realmId, JSON.stringify(wanted)]);
    const found: ResponseOf<typeof profiles.findUsers>['found'] = users.map(() => null);
    for (const { place, userId, email } of rows) found[place] = { userId, email };
    const open = users.flatMap((user, place) => (found[place] === null && 'externalId' in user ? [{ place, hash: this.keys.exact(realmId, user.externalId) }] : []));
    const standing = await this.tombstones.standing(this.database, [realmId], open.map(({ hash }) => hash));
    for (const { place, hash } of open) if (standing.has(hash.toString('hex'))) found[place] = 'erased';
    return { found };
  }
}
