import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

// The update changes nothing: it is there to lock the row, whether it was there before or not. In the order of the key, so that two
// who take several don't wait for each other.
const lock = sql(
  'members.lock',
  `INSERT INTO members (user_id) SELECT id FROM unnest((SELECT $1::uuid[])) AS id ORDER BY id
   ON CONFLICT (user_id) DO UPDATE SET access_version = members.access_version WHERE members.hidden_at IS NULL
   RETURNING user_id AS "userId", xmax = 0 AS "isNew"`,
);
const bump = sql('members.bump', 'UPDATE members SET access_version = access_version + 1, at_home = at_home OR $2 WHERE user_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) RETURNING user_id AS "userId", access_version AS version');
// In the order of the key, so that two erasures of overlapping users can't wait for each other. A user nobody here has heard
// of gets a tombstone that counts as erased: there is nothing to erase, but a role granted late must find it.
const hide = sql(
  'members.hide',
  `INSERT INTO members (user_id, hidden_at, erased_at)
   SELECT user_id, now(), now() FROM (SELECT DISTINCT unnest($1::uuid[]) AS user_id ORDER BY 1) AS asked
   ON CONFLICT (user_id) DO UPDATE SET hidden_at = now(), access_version = members.access_version + 1 WHERE members.hidden_at IS NULL
   RETURNING user_id AS "userId", access_version AS version`,
);

const organisations = sql(
  'members.organisations',
  `SELECT DISTINCT user_id AS "userId", organisation_id AS "organisationId" FROM (
     SELECT user_id, organisation_id FROM organisation_members WHERE user_id = ANY ($1::uuid[])
     UNION ALL SELECT user_id, organisation_id FROM team_members WHERE user_id = ANY ($1::uuid[])
     UNION ALL SELECT m.user_id, p.organisation_id FROM project_members m JOIN projects p ON p.project_id = m.project_id WHERE m.user_id = ANY ($1::uuid[])
     UNION ALL SELECT user_id, left_organisation_id FROM members WHERE user_id = ANY ($1::uuid[]) AND left_organisation_id IS NOT NULL) AS given`,
);

// What other organisations had them sent longer ago goes with it. Their rows are locked.
const noteMails = sql(
  'members.note-invitation-mails',
  `UPDATE members m SET invitation_mails = coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(m.invitation_mails) WHERE key <> w.organisation_id AND (value ->> 'until')::timestamptz > now()), '{}')
     || jsonb_build_object(w.organisation_id, CASE WHEN (m.invitation_mails -> w.organisation_id ->> 'until')::timestamptz > now()
       THEN jsonb_build_object('sent', (m.invitation_mails -> w.organisation_id ->> 'sent')::integer + 1, 'until', m.invitation_mails -> w.organisation_id -> 'until')
       ELSE jsonb_build_object('sent', 1, 'until', now() + interval '1 hour') END)
   FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS w (user_id, organisation_id) WHERE m.user_id = w.user_id
   RETURNING (m.invitation_mails -> w.organisation_id ->> 'sent')::integer AS sent, extract(epoch FROM (m.invitation_mails -> w.organisation_id ->> 'until')::timestamptz - now())::float8 AS "forSeconds"`,
);

/**
 * Whether a row of `members` is of staff, and not of a user whose home is a project: whoever administers everything would find them too.
 * The second half finds those who were given their roles before there was `at_home`.
 */
export const isStaff = (member: string) => `NOT ${member}.at_home AND NOT EXISTS (SELECT FROM project_members home WHERE home.user_id = ${member}.user_id AND home.at_home)`;

@Injectable()
export class MembersRepository {
  /** Makes the user's row if there is none and holds it until the transaction ends. @returns false for a hidden user */
  async lock(tx: Transaction, userId: string): Promise<boolean> {
    return (await this.take(tx, userId)) !== 'hidden';
  }

  /** As `lock`. @returns `new` for a user of whom nobody here had heard: they hold no role anywhere, since each needs the row */
  async take(tx: Transaction, userId: string): Promise<'new' | 'known' | 'hidden'> {
    return (await this.takeAll(tx, [userId])).get(userId.toLowerCase()) ?? 'hidden';
  }

  /** As `take`, of several. @param userIds each once @returns by id in lower case; who is hidden is not among them */
  async takeAll(tx: Transaction, userIds: readonly string[]): Promise<Map<string, 'new' | 'known'>> {
    const rows = await tx.query<{ userId: string; isNew: boolean }>(lock, [userIds]);
    return new Map(rows.map(({ userId, isNew }) => [userId, isNew ? 'new' : 'known']));
  }

  /** Counts a change of the user's roles. @returns the new version */
  async bump(tx: Transaction, userId: string): Promise<number> {
    return (await this.bumpAll(tx, [userId])).get(userId.toLowerCase())!;
  }

  /** As `bump`, for several whose rows are locked. @param atHome the roles are in the project that is their home @returns versions by id in lower case */
  async bumpAll(tx: Transaction, userIds: readonly string[], atHome = false): Promise<Map<string, number>> {
    return new Map((await tx.query<{ userId: string; version: number }>(bump, [userIds, atHome])).map(({ userId, version }) => [userId, version]));
  }

  /** Counts a mail for each. @param invited different people, each with the organisation that invites them @returns how many each is at in this hour, and for how long */
  async noteInvitationMails(tx: Transaction, invited: readonly { userId: string; organisationId: string }[]): Promise<{ sent: number; forSeconds: number }[]> {
    if (invited.length === 0) return [];
    return tx.query(noteMails, [invited.map(({ userId }) => userId), invited.map(({ organisationId }) => organisationId)]);
  }

  /** Where the users have a role, whether it counts or not, or were last if they have none any more: one pair for each organisation. */
  async organisations(on: Queryable, userIds: readonly string[]): Promise<{ userId: string; organisationId: string }[]> {
    return on.query(organisations, [userIds]);
  }

  /** Hides who isn't hidden yet. @returns those of them who may have had roles, with their new version */
  async hide(on: Queryable, userIds: readonly string[]): Promise<{ userId: string; version: number }[]> {
    const hidden = await on.query<{ userId: string; version: number }>(hide, [userIds]);
    return hidden.filter(({ version }) => version > 0);
  }
}
