import { Injectable } from '@nestjs/common';
import { membership, type Actor } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Statement, type Transaction } from '#libs/platform/database';
import { reached, type Reach } from '../staff/staff.repository.js';

type Level = membership.Scope['level'];

/** An invitation as it is stored; one whose term is over is `expired`, whether the sweep has been there or not. */
export interface StoredInvitation {
  placeId: string;
  invitationId: string;
  level: Level;
  organisationId: string | null;
  teamId: string | null;
  projectId: string | null;
  userId: string;
  email: string;
  role: string;
  status: membership.InvitationStatus;
  mailId: string;
  invitedBy: Actor;
  createdAt: string;
  expiresAt: string;
  closedAt: string | null;
}

export type NamedInvitation = StoredInvitation & { organisationName: string | null; placeName: string | null; tokenHash: Buffer };

export type NewInvitation = Pick<StoredInvitation, 'placeId' | 'invitationId' | 'level' | 'organisationId' | 'teamId' | 'projectId' | 'userId' | 'email' | 'role'> & Renewal;

export interface Renewal {
  mailId: string;
  tokenHash: Buffer;
  invitedBy: Actor;
  ttlSeconds: number;
}

const columns = `place_id AS "placeId", invitation_id AS "invitationId", level, organisation_id AS "organisationId", team_id AS "teamId", project_id AS "projectId", user_id AS "userId",
   email, role, CASE WHEN status = 'pending' AND expires_at <= now() THEN 'expired' ELSE status END AS status, mail_id AS "mailId",
   jsonb_build_object('type', invited_by_type, 'id', invited_by) AS "invitedBy", created_at AS "createdAt", expires_at AS "expiresAt",
   CASE WHEN status = 'pending' AND expires_at <= now() THEN expires_at ELSE closed_at END AS "closedAt"`;

/**
 * That it is pending, of invitations that are looked up by their person. By `status` the planner would know an index of all that are pending, and take it for
 * nearly empty by statistics of a quiet time: it would go through all of them for each person.
 */
export const isOpen = (invitation: string) => `${invitation}.closed_at IS NULL`;

// One that is pending at the place takes the new role and the new token: of any number at once one invitation is left.
const put = sql(
  'invitations.put',
  `INSERT INTO invitations AS i (place_id, invitation_id, level, organisation_id, team_id, project_id, user_id, email, role, mail_id, token_hash, invited_by_type, invited_by, expires_at)
   SELECT "placeId", "invitationId", level, "organisationId", "teamId", "projectId", "userId", email, role, "mailId", decode("tokenHash", 'hex'), "invitedBy" ->> 'type', "invitedBy" ->> 'id', now() + make_interval(secs => "ttlSeconds")
   FROM json_to_recordset($1::json) AS given ("placeId" uuid, "invitationId" uuid, level text, "organisationId" uuid, "teamId" uuid, "projectId" uuid, "userId" uuid, email text, role text, "mailId" uuid, "tokenHash" text,
     "invitedBy" json, "ttlSeconds" double precision)
   ON CONFLICT (place_id, user_id) WHERE status = 'pending' DO UPDATE SET email = excluded.email, role = excluded.role, mail_id = excluded.mail_id, token_hash = excluded.token_hash,
     invited_by_type = excluded.invited_by_type, invited_by = excluded.invited_by, expires_at = excluded.expires_at
   RETURNING ${columns}`,
);
const renew = sql(
  'invitations.renew',
  `UPDATE invitations SET status = 'pending', closed_at = NULL, mail_id = $2, token_hash = $3, invited_by_type = $4, invited_by = $5, expires_at = now() + make_interval(secs => $6)
   WHERE invitation_id = $1 AND status IN ('pending', 'expired') RETURNING ${columns}`,
);
const get = sql('invitations.get', `SELECT ${columns} FROM invitations WHERE invitation_id = $1`);
const lock = sql('invitations.lock', `SELECT ${columns} FROM invitations WHERE invitation_id = $1 FOR UPDATE`);
// Of somebody who awaits erasure there is nothing to be told, and of somebody deleted nothing to be accepted.
const ofVisible = `NOT EXISTS (SELECT FROM members WHERE members.user_id = invitations.user_id AND (hidden_at IS NOT NULL OR (deleted_at IS NOT NULL AND invitations.status = 'pending' AND invitations.expires_at > now())))`;
const findByToken = sql('invitations.find-by-token', `SELECT ${columns} FROM invitations WHERE token_hash = $1 AND ${ofVisible}`);
const findVisible = sql('invitations.find-visible', `SELECT ${columns} FROM invitations WHERE invitation_id = $1 AND ${ofVisible}`);
const findByMails = sql(
  'invitations.find-by-mails',
  `SELECT ${columns}, token_hash AS "tokenHash", (SELECT name FROM organisations WHERE organisations.organisation_id = invitations.organisation_id) AS "organisationName",
     coalesce((SELECT name FROM teams WHERE teams.organisation_id = invitations.organisation_id AND teams.team_id = invitations.team_id), (SELECT name FROM projects WHERE projects.project_id = invitations.project_id)) AS "placeName"
   FROM invitations WHERE mail_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND ${ofVisible}`,
);
const lockOpenIn = sql(
  'invitations.lock-open-in',
  `SELECT ${columns} FROM invitations WHERE organisation_id = $1 AND user_id = $2 AND ${isOpen('invitations')} AND expires_at > now() ORDER BY created_at, invitation_id FOR UPDATE`,
);
// Ids of mails follow their time.
const openMails = sql(
  'invitations.open-mails',
  `SELECT DISTINCT ON (user_id) user_id AS "userId", mail_id AS "mailId" FROM invitations
   WHERE user_id = ANY (${reached.users}) AND ${isOpen('invitations')} AND expires_at > now()
     AND (${reached.everything} OR organisation_id = ANY (${reached.organisations}) OR team_id = ANY (${reached.teams}) OR project_id = ANY (${reached.projects}))
   ORDER BY user_id, mail_id DESC`,
);
// The people first: in the other order somebody who invites them, and we, could wait for each other.
const lockInvited = sql(
  'invitations.lock-invited',
  `SELECT user_id AS "userId" FROM members WHERE user_id IN (SELECT user_id FROM invitations WHERE (place_id = $1 OR organisation_id = $1) AND status = 'pending') ORDER BY user_id FOR NO KEY UPDATE`,
);
const withdraw = sql('invitations.withdraw', `UPDATE invitations SET status = 'cancelled', closed_at = now() WHERE (place_id = $1 OR organisation_id = $1) AND status = 'pending'`);
const withdrawOf = sql('invitations.withdraw-of', `UPDATE invitations SET status = 'cancelled', closed_at = now() WHERE organisation_id = $1 AND user_id = $2 AND ${isOpen('invitations')} RETURNING ${columns}`);
const assign = sql('invitations.assign', `UPDATE invitations SET role = $3 WHERE place_id = $1 AND user_id = $2 AND ${isOpen('invitations')}`);
const close = sql('invitations.close', `UPDATE invitations SET status = $2, closed_at = now() WHERE invitation_id = $1 AND (status = 'pending' OR (status = 'expired' AND $2 = 'cancelled')) RETURNING ${columns}`);
const listExpired = sql('invitations.list-expired', `SELECT invitation_id AS "invitationId", user_id AS "userId" FROM invitations WHERE status = 'pending' AND expires_at <= now() ORDER BY expires_at LIMIT $1`);

type ListedStatus = membership.InvitationStatus | 'all';

// Each status is an equality or two, so that a page is read from the index of its place and status, however many others there are.
const ofStatus: Record<ListedStatus, readonly string[]> = {
  all: ['true'],
  pending: [`status = 'pending' AND expires_at > now()`],
  expired: [`status = 'expired'`, `status = 'pending' AND expires_at <= now()`],
  accepted: [`status = 'accepted'`],
  cancelled: [`status = 'cancelled'`],
};
const ofPlace: Record<Level, string> = { deployment: '$1::uuid IS NULL', organisation: 'organisation_id = $1', team: 'place_id = $1', project: 'place_id = $1' };

function pageOf(level: Level, status: ListedStatus): Statement {
  const parts = ofStatus[status].map((condition) => `(SELECT ${columns} FROM invitations WHERE ${ofPlace[level]} AND ${condition} AND invitation_id < $2 ORDER BY invitation_id DESC LIMIT $3)`);
  return sql(`invitations.list-${level}-${status}`, parts.length === 1 ? parts[0]!.slice(1, -1) : `${parts.join(' UNION ALL ')} ORDER BY "invitationId" DESC LIMIT $3`);
}

const pages = new Map(Object.keys(ofPlace).flatMap((level) => Object.keys(ofStatus).map((status) => [`${level} ${status}`, pageOf(level as Level, status as ListedStatus)] as const)));

const { membershipErrors } = membership;
const placeGone = onConstraint({
  invitations_organisation_id_fkey: () => membershipErrors.failure('organisation-not-found', 'There is no such organisation.'),
  invitations_team_fkey: () => membershipErrors.failure('team-not-found', 'There is no such team.'),
  invitations_project_id_fkey: () => membershipErrors.failure('project-not-found', 'There is no such project.'),
});

/** All SQL of `invitations`. */
@Injectable()
export class InvitationsRepository {
  /**
   * @param invitations of different people, whose rows are locked
   * @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found` for a place that has just gone
   */
  async put(tx: Transaction, invitations: readonly NewInvitation[]): Promise<StoredInvitation[]> {
    return tx.query<StoredInvitation>(put, [JSON.stringify(invitations.map((one) => ({ ...one, tokenHash: one.tokenHash.toString('hex') })))]).catch(placeGone);
  }

  /**
   * @returns undefined for one that was accepted or cancelled
   * @throws Failure `invitation-closed` for one that expired, and has a successor
   */
  async renew(tx: Transaction, invitationId: string, { mailId, tokenHash, invitedBy, ttlSeconds }: Renewal): Promise<StoredInvitation | undefined> {
    const renewed = tx.query<StoredInvitation>(renew, [invitationId, mailId, tokenHash, invitedBy.type, invitedBy.id, ttlSeconds]);
    const superseded = () => membership.membershipErrors.failure('invitation-closed', 'The invitation has expired, and they were invited anew since.');
    return (await renewed.catch(onConstraint({ invitations_pending_key: superseded })))[0];
  }

  async get(on: Queryable, invitationId: string): Promise<StoredInvitation | undefined> {
    return (await on.query<StoredInvitation>(get, [invitationId]))[0];
  }

  async lock(tx: Transaction, invitationId: string): Promise<StoredInvitation | undefined> {
    return (await tx.query<StoredInvitation>(lock, [invitationId]))[0];
  }

  /** Those into the organisation, its teams and its projects that the person may accept now. */
  async lockOpenIn(tx: Transaction, organisationId: string, userId: string): Promise<StoredInvitation[]> {
    return tx.query<StoredInvitation>(lockOpenIn, [organisationId, userId]);
  }

  async findByToken(on: Queryable, tokenHash: Buffer): Promise<StoredInvitation | undefined> {
    return (await on.query<StoredInvitation>(findByToken, [tokenHash]))[0];
  }

  /** As by its token, whichever that is by now. */
  async findVisible(on: Queryable, invitationId: string): Promise<StoredInvitation | undefined> {
    return (await on.query<StoredInvitation>(findVisible, [invitationId]))[0];
  }

  /** In the order of the ids of mails. `placeName`: of the team or the project; null for an organisation and the deployment. */
  async findByMails(on: Queryable, mailIds: readonly string[]): Promise<(NamedInvitation | undefined)[]> {
    const found = new Map((await on.query<NamedInvitation>(findByMails, [mailIds])).map((one) => [one.mailId, one]));
    return mailIds.map((mailId) => found.get(mailId.toLowerCase()));
  }

  /** By user, the last mail of their invitations that can be accepted now, as far as they lie within the reach. */
  async openMails(on: Queryable, userIds: readonly string[], { everything, organisations, teams, projects }: Reach): Promise<[userId: string, mailId: string][]> {
    const rows = await on.query<{ userId: string; mailId: string }>(openMails, [userIds, everything, organisations, teams, projects]);
    return rows.map(({ userId, mailId }) => [userId, mailId]);
  }

  /** @returns undefined for one that is closed already; one that has expired can be cancelled yet */
  async close(tx: Transaction, invitationId: string, status: Exclude<membership.InvitationStatus, 'pending'>): Promise<StoredInvitation | undefined> {
    return (await tx.query<StoredInvitation>(close, [invitationId, status]))[0];
  }

  /** Takes back all that lead into a place, or into what lies in it; nobody may be inviting there. @returns whom they were for, locked */
  async withdraw(tx: Transaction, placeId: string): Promise<string[]> {
    const people = await tx.query<{ userId: string }>(lockInvited, [placeId]);
    await tx.execute(withdraw, [placeId]);
    return people.map(({ userId }) => userId);
  }

  /** Takes back all of one person, who is locked, that lead into the organisation, its teams and its projects. @returns them */
  async withdrawOf(tx: Transaction, organisationId: string, userId: string): Promise<StoredInvitation[]> {
    return tx.query<StoredInvitation>(withdrawOf, [organisationId, userId]);
  }

  /** The pending one into a place, of somebody who is locked, gives this role from now on. @returns whether there is one */
  async assign(tx: Transaction, placeId: string, userId: string, role: string): Promise<boolean> {
    return (await tx.execute(assign, [placeId, userId, role])) > 0;
  }

  async listExpired(on: Queryable, limit: number): Promise<{ invitationId: string; userId: string }[]> {
    return on.query(listExpired, [limit]);
  }

  /** Those of a place with an id less than `before`, newest first. */
  async list(on: Queryable, level: Level, placeId: string | null, status: membership.InvitationStatus | undefined, before: string, limit: number): Promise<StoredInvitation[]> {
    return on.query<StoredInvitation>(pages.get(`${level} ${status ?? 'all'}`)!, [placeId, before, limit]);
  }
}
