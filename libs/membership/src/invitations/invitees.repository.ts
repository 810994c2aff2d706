import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#libs/platform/messages';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';
import { isOpen, type StoredInvitation } from './invitations.repository.js';

export type InvitedUser = ResponseOf<typeof membership.inviteUser>['user'];

const statusIn = sql('organisation_members.status', 'SELECT status FROM organisation_members WHERE organisation_id = $1 AND user_id = $2');
// Who is a member already stays what they are until they accept; of whom only a team or a project is asked, also who was invited before.
const expect_ = (name: string, onConflict: string) =>
  sql(
    name,
    `INSERT INTO organisation_members (organisation_id, user_id, role, status, created_by, modified_by)
     SELECT organisation_id, user_id, role, 'invited', actor_id, actor_id
     FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[]), (SELECT $3::text[]), (SELECT $4::text[])) AS invited (organisation_id, user_id, role, actor_id)
     ON CONFLICT (organisation_id, user_id) ${onConflict}`,
  );
const expectInOrganisation = expect_(
  'organisation_members.expect',
  `DO UPDATE SET role = excluded.role, modified_at = now(), modified_by = excluded.modified_by WHERE organisation_members.status = 'invited' AND organisation_members.role <> excluded.role`,
);
const expectBelow = expect_('organisation_members.expect-below', 'DO NOTHING');
// A role into a team or a project makes somebody who was only invited a plain member, and changes nothing for others. An
// administrator is not made less by accepting.
const activate = sql(
  'organisation_members.activate',
  `UPDATE organisation_members SET status = 'active', modified_at = now(), modified_by = $4,
     role = CASE WHEN status = 'active' AND (NOT $5 OR role = 'org_admin') THEN role ELSE $3 END
   WHERE organisation_id = $1 AND user_id = $2 AND status <> 'inactive'`,
);
// Who was deactivated stays so; who is active already stays what they are.
const join = sql(
  'organisation_members.join',
  `INSERT INTO organisation_members (organisation_id, user_id, role, status, created_by, modified_by) VALUES ($1, $2, 'member', 'active', $3, $3)
   ON CONFLICT (organisation_id, user_id) DO UPDATE SET role = 'member', status = 'active', modified_at = now(), modified_by = excluded.modified_by
   WHERE organisation_members.status = 'invited'`,
);
const joinTeam = sql(
  'team_members.join',
  `INSERT INTO team_members (organisation_id, team_id, user_id, role, created_by) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (organisation_id, team_id, user_id) DO UPDATE SET role = excluded.role, created_by = excluded.created_by WHERE team_members.role <> 'team_admin'`,
);
// With what they were given in teams and projects meanwhile, which waited for the acceptance: without the membership that holds it back it would count.
const dismiss = sql(
  'organisation_members.dismiss',
  `WITH dismissed AS (
     DELETE FROM organisation_members m WHERE organisation_id = $1 AND user_id = ANY ($2::uuid[]) AND status = 'invited'
       AND NOT EXISTS (SELECT FROM invitations i WHERE i.organisation_id = $1 AND i.user_id = m.user_id AND ${isOpen('i')})
     RETURNING user_id
   ), of_teams AS (
     DELETE FROM team_members t USING dismissed WHERE t.organisation_id = $1 AND t.user_id = dismissed.user_id
   )
   DELETE FROM project_members m USING dismissed, projects p WHERE m.user_id = dismissed.user_id AND NOT m.at_home AND p.project_id = m.project_id AND p.organisation_id = $1`,
);
const holds: Record<StoredInvitation['level'], string> = {
  deployment: 'SELECT FROM deployment_members WHERE $1::uuid IS NOT NULL AND user_id = $2 AND role = $3',
  organisation: `SELECT FROM organisation_members WHERE organisation_id = $1 AND user_id = $2 AND role = $3 AND status = 'active'`,
  team: `SELECT FROM team_members JOIN organisation_members USING (organisation_id, user_id) WHERE team_id = $1 AND user_id = $2 AND team_members.role = $3 AND status = 'active'`,
  project: `SELECT FROM project_members JOIN projects USING (project_id) JOIN organisation_members o USING (organisation_id, user_id) WHERE project_id = $1 AND user_id = $2 AND project_members.role = $3 AND o.status = 'active'`,
};
const describe = sql(
  'invitees.describe',
  `SELECT u.id AS "userId", (SELECT role FROM deployment_members WHERE user_id = u.id) AS "globalRole",
     CASE WHEN EXISTS (SELECT FROM deployment_members WHERE user_id = u.id) OR EXISTS (SELECT FROM organisation_members WHERE user_id = u.id AND status <> 'invited') THEN 'active' ELSE 'invited' END AS status,
     coalesce((SELECT jsonb_agg(jsonb_build_object('organisationId', organisation_id, 'name', name, 'role', role, 'status', status) ORDER BY name, organisation_id)
       FROM organisation_members JOIN organisations USING (organisation_id) WHERE user_id = u.id), '[]') AS organisations
   FROM unnest((SELECT $1::uuid[])) AS u (id)`,
);

/** What an invitation changes for the person, before it is accepted and when it is. */
@Injectable()
export class InviteesRepository {
  async statusIn(on: Queryable, organisationId: string, userId: string): Promise<string | undefined> {
    return (await on.query<{ status: string }>(statusIn, [organisationId, userId]))[0]?.status;
  }

  async holds(on: Queryable, { level, placeId, userId, role }: Pick<StoredInvitation, 'level' | 'placeId' | 'userId' | 'role'>): Promise<boolean> {
    return (await on.query(holds[level], [placeId, userId, role])).length > 0;
  }

  /** Shows them among the people of the organisations as invited. @param invitations of different people; those to the deployment are nothing to an organisation */
  expect(tx: Transaction, invitations: readonly Pick<StoredInvitation, 'organisationId' | 'userId' | 'role' | 'level' | 'invitedBy'>[]): void {
    const inOrganisation = invitations.filter(({ level }) => level === 'organisation');
    const below = invitations.filter(({ level, organisationId }) => level !== 'organisation' && organisationId !== null).map((one) => ({ ...one, role: 'member' }));
    for (const [statement, asked] of [[expectInOrganisation, inOrganisation], [expectBelow, below]] as const) {
      if (asked.length > 0) tx.send(statement, [asked.map((one) => one.organisationId), asked.map(({ userId }) => userId), asked.map(({ role }) => role), asked.map(({ invitedBy }) => invitedBy.id)]);
    }
  }

  /** @returns false for somebody who was deactivated in the organisation, or taken out of it since they were invited */
  async activate(tx: Transaction, organisationId: string, { userId, role, level }: StoredInvitation): Promise<boolean> {
    const ofOrganisation = level === 'organisation';
    return (await tx.execute(activate, [organisationId, userId, ofOrganisation ? role : 'member', userId, ofOrganisation])) > 0;
  }

  /**
   * Makes somebody whom nobody invited, or whose invitation has expired, a member.
   * @returns false when nothing had to be changed, or may be
   * @throws Failure `organisation-not-found`
   */
  async join(tx: Transaction, organisationId: string, userId: string): Promise<boolean> {
    const joined = tx.execute(join, [organisationId, userId, userId]);
    const gone = () => membership.membershipErrors.failure('organisation-not-found', 'There is no such organisation.');
    return (await joined.catch(onConstraint({ organisation_members_organisation_id_fkey: gone }))) > 0;
  }

  async joinTeam(tx: Transaction, organisationId: string, teamId: string, { userId, role }: StoredInvitation): Promise<void> {
    await tx.execute(joinTeam, [organisationId, teamId, userId, role, userId]);
  }

  /** Takes those who were only invited out of the organisation, its teams and its projects again, unless another invitation of it is pending. */
  async dismiss(tx: Transaction, organisationId: string, userIds: readonly string[]): Promise<void> {
    await tx.execute(dismiss, [organisationId, userIds]);
  }

  /** @returns one for each id, in no order */
  async describe(on: Queryable, userIds: readonly string[]): Promise<InvitedUser[]> {
    return on.query<InvitedUser>(describe, [userIds]);
  }
}
