import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { sql, type Statement, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';

/** One statement: the roles go, and everybody who had one has a new version. In the order of the key, so that two such statements can't wait for each other. */
function end(table: string, condition: string): Statement {
  return sql(
    `${table}.end-all`,
    `WITH ended AS (DELETE FROM ${table} WHERE ${condition} RETURNING user_id),
     locked AS (SELECT user_id FROM members WHERE user_id IN (SELECT user_id FROM ended) ORDER BY user_id FOR NO KEY UPDATE)
     UPDATE members SET access_version = access_version + 1 FROM locked WHERE members.user_id = locked.user_id
     RETURNING members.user_id AS "userId", access_version AS version`,
  );
}

const endInOrganisation = end('organisation_members', 'organisation_id = $1');
const endInTeam = end('team_members', 'organisation_id = $1 AND team_id = $2');
const endInProject = end('project_members', 'project_id = $1');

/** Ends every role in something that is being deleted. Ask it with that thing locked. */
@Injectable()
export class EndedRoles {
  constructor(private readonly outbox: Outbox) {}

  ofOrganisation(tx: Transaction, organisationId: string, context: CallContext): Promise<void> {
    return this.end(tx, endInOrganisation, [organisationId], context);
  }

  ofTeam(tx: Transaction, { organisationId, teamId }: membership.Team, context: CallContext): Promise<void> {
    return this.end(tx, endInTeam, [organisationId, teamId], context);
  }

  ofProject(tx: Transaction, projectId: string, context: CallContext): Promise<void> {
    return this.end(tx, endInProject, [projectId], context);
  }

  private async end(tx: Transaction, statement: Statement, key: string[], context: CallContext): Promise<void> {
    const users = await tx.query<{ userId: string; version: number }>(statement, key);
    await this.outbox.append(tx, context, ...users.map(({ userId, version }) => event(membership.rolesChanged, { userId, version })));
  }
}
