import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';

const { membershipErrors } = membership;
const columns = 'organisation_id AS "organisationId", team_id AS "teamId", name, created_at AS "createdAt", modified_at AS "modifiedAt"';

// Without naming a constraint: it does nothing when the id is there (a retry) and when the name is (another team's).
const insert = sql('teams.insert', `INSERT INTO teams (organisation_id, team_id, name, created_by, modified_by) VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING RETURNING ${columns}`);
const get = sql('teams.get', `SELECT ${columns} FROM teams WHERE team_id = $1`);
const lock = sql('teams.lock', `SELECT ${columns} FROM teams WHERE team_id = $1 FOR NO KEY UPDATE`);
// Waits for everybody who refers to the team, and lets nobody refer to it until the transaction ends.
const lockToDelete = sql('teams.lock-to-delete', `SELECT ${columns} FROM teams WHERE team_id = $1 FOR UPDATE`);
const rename = sql('teams.rename', `UPDATE teams SET name = $3, modified_at = now(), modified_by = $4 WHERE organisation_id = $1 AND team_id = $2 RETURNING ${columns}`);
const remove = sql('teams.remove', 'DELETE FROM teams WHERE organisation_id = $1 AND team_id = $2');
const countProjects = sql('teams.count-projects', 'SELECT count(*)::int AS projects FROM projects WHERE organisation_id = $1 AND team_id = $2');
const list = sql('teams.list', `SELECT ${columns} FROM teams WHERE team_id < $1 ORDER BY team_id DESC LIMIT $2`);
const listOfOrganisation = sql('teams.list-of-organisation', `SELECT ${columns} FROM teams WHERE organisation_id = $3 AND team_id < $1 ORDER BY team_id DESC LIMIT $2`);
// A role says nothing while its holder is not active in the organisation.
const listOfUser = sql(
  'teams.list-of-user',
  `SELECT ${columns} FROM teams
   WHERE team_id < $1 AND ($4::uuid IS NULL OR organisation_id = $4)
     AND NOT EXISTS (SELECT FROM members WHERE user_id = $3 AND (hidden_at IS NOT NULL OR deleted_at IS NOT NULL))
     AND (
       organisation_id IN (SELECT organisation_id FROM organisation_members WHERE user_id = $3 AND role = 'org_admin' AND status = 'active')
       OR (team_id IN (SELECT team_id FROM team_members WHERE user_id = $3)
           AND organisation_id NOT IN (SELECT organisation_id FROM organisation_members WHERE user_id = $3 AND status <> 'active')))
   ORDER BY team_id DESC LIMIT $2`,
);

const nameTaken = { teams_organisation_id_name_key: () => membershipErrors.failure('team-name-taken', 'Another team of the organisation has this name.') };

@Injectable()
export class TeamsRepository {
  /**
   * @returns undefined when the id, or the name in the organisation, is there already
   * @throws Failure `organisation-not-found`
   */
  async insert(tx: Transaction, { organisationId, teamId, name }: { organisationId: string; teamId: string; name: string }, actorId: string): Promise<membership.Team | undefined> {
    const [row] = await tx.query<membership.Team>(insert, [organisationId, teamId, name, actorId]).catch(
      onConstraint({ teams_organisation_id_fkey: () => membershipErrors.failure('organisation-not-found', 'There is no such organisation.') }),
    );
    return row;
  }

  async get(on: Queryable, teamId: string): Promise<membership.Team | undefined> {
    return (await on.query<membership.Team>(get, [teamId]))[0];
  }

  async lock(tx: Transaction, teamId: string, purpose: 'change' | 'delete'): Promise<membership.Team | undefined> {
    return (await tx.query<membership.Team>(purpose === 'change' ? lock : lockToDelete, [teamId]))[0];
  }

  /** @throws Failure `team-name-taken` */
  async rename(tx: Transaction, { organisationId, teamId }: membership.Team, name: string, actorId: string): Promise<membership.Team> {
    const [row] = await tx.query<membership.Team>(rename, [organisationId, teamId, name, actorId]).catch(onConstraint(nameTaken));
    return row!;
  }

  async remove(tx: Transaction, { organisationId, teamId }: membership.Team): Promise<void> {
    await tx.execute(remove, [organisationId, teamId]);
  }

  async countProjects(tx: Transaction, { organisationId, teamId }: membership.Team): Promise<number> {
    const [row] = await tx.query<{ projects: number }>(countProjects, [organisationId, teamId]);
    return row!.projects;
  }

  /** By id downwards, from before `before`: of one organisation, or of all. */
  async list(on: Queryable, organisationId: string | undefined, before: string, limit: number): Promise<membership.Team[]> {
    return organisationId === undefined ? on.query<membership.Team>(list, [before, limit]) : on.query<membership.Team>(listOfOrganisation, [before, limit, organisationId]);
  }

  /** Those that the user has a role in, and all of organisations that they administer. */
  async listOfUser(on: Queryable, userId: string, organisationId: string | undefined, before: string, limit: number): Promise<membership.Team[]> {
    return on.query<membership.Team>(listOfUser, [before, limit, userId, organisationId ?? null]);
  }
}
