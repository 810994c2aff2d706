import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';

// Without naming a constraint: it does nothing when the id is there (a retry) and when the name is (another team's).
const insert = sql('teams.insert', 'INSERT INTO teams (organisation_id, team_id, name, created_by, modified_by) VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING');
const get = sql('teams.get', 'SELECT organisation_id AS "organisationId", team_id AS "teamId", name FROM teams WHERE team_id = $1');

@Injectable()
export class TeamsRepository {
  /**
   * @returns false when the id, or the name in the organisation, is there already
   * @throws Failure `organisation-not-found`
   */
  async insert(tx: Transaction, { organisationId, teamId, name }: membership.Team, actorId: string): Promise<boolean> {
    const inserted = await tx.execute(insert, [organisationId, teamId, name, actorId]).catch(
      onConstraint({ teams_organisation_id_fkey: () => membership.membershipErrors.failure('organisation-not-found', 'There is no such organisation.') }),
    );
    return inserted > 0;
  }

  async get(on: Queryable, teamId: string): Promise<membership.Team | undefined> {
    return (await on.query<membership.Team>(get, [teamId]))[0];
  }
}
