import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { sql, type Transaction } from '#libs/platform/database';

/** A user who was there. */
export interface Sighting {
  realmId: string;
  userId: string;
  sight: profiles.Sight;
  /** The database's time. */
  at: string;
}

const record = sql(
  'users.record_sights',
  `UPDATE users u SET first_seen_at = least(u.first_seen_at, given.at), last_seen_at = greatest(u.last_seen_at, given.at), activity = u.activity || given.fields
   FROM json_to_recordset($1::json) AS given ("realmId" uuid, "userId" uuid, at timestamptz, fields jsonb)
   WHERE u.realm_id = given."realmId" AND u.user_id = given."userId"
   RETURNING u.realm_id AS "realmId", u.user_id AS "userId", EXISTS (SELECT FROM segments s WHERE s.realm_id = u.realm_id) AS "inSegments"`,
);

/** Writes what end users' own requests tell of them. */
@Injectable()
export class SightsRepository {
  /**
   * @param sightings of locked users; of one who is there more than once, the last stands
   * @returns those whose realm has segments, which may ask when users were seen
   */
  async record(tx: Transaction, sightings: readonly Sighting[]): Promise<{ realmId: string; userId: string }[]> {
    if (sightings.length === 0) return [];
    const users = new Map<string, { realmId: string; userId: string; at: string; fields: Record<string, string> }>();
    for (const { realmId, userId, sight, at } of sightings) {
      const key = `${realmId} ${userId}`;
      users.set(key, { realmId, userId, at, fields: { ...users.get(key)?.fields, ...fieldsOf(sight, at) } });
    }
    const recorded = await tx.query<{ realmId: string; userId: string; inSegments: boolean }>(record, [JSON.stringify([...users.values()])]);
    return recorded.filter(({ inSegments }) => inSegments);
  }
}

function fieldsOf({ platform, device, sdkVersion }: profiles.Sight, at: string): Record<string, string> {
  if (platform === null) return {};
  const deviceField = platform === 'browser' ? 'last_browser' : `last_${platform}_device`;
  return {
    [`last_${platform}_seen_at`]: at,
    ...(device === null ? {} : { [deviceField]: device }),
    ...(sdkVersion === null ? {} : { [`last_${platform}_sdk_version`]: sdkVersion }),
  };
}
