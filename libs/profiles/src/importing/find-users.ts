import { Injectable } from '@nestjs/common';
import { isStorable, type profiles } from '#libs/contracts';
import { Database, sql } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { userNamed } from '../users/user-address.js';

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
   LATERAL (SELECT coalesce(wanted."userId", ${userNamed('$1::uuid', 'wanted."externalId"')}) AS user_id OFFSET 0) AS meant,
   LATERAL (SELECT own.user_id, own.email FROM users own WHERE own.realm_id = $1 AND own.user_id = meant.user_id AND own.hidden_by IS NULL OFFSET 0) AS u`,
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
