import { Injectable } from '@nestjs/common';
import { membership, type Actor } from '#libs/contracts';
import { sql, type Statement, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { InvitationsRepository } from '../invitations/invitations.repository.js';
import { InviteesRepository } from '../invitations/invitees.repository.js';
import { Departures } from '../staff/departures.js';

/** One statement: the roles go, and everybody who had one has a new version. In the order of the key, so that two such statements can't wait for each other. */
function end(table: string, condition: string, isStaff = 'true'): Statement {
  return sql(
    `${table}.end-all`,
    `WITH ended AS (DELETE FROM ${table} WHERE ${condition} RETURNING user_id, ${isStaff} AS is_staff),
     locked AS MATERIALIZED (
       SELECT own.user_id, theirs.is_staff FROM (SELECT user_id, bool_or(is_staff) AS is_staff FROM ended GROUP BY user_id ORDER BY user_id) AS theirs,
       LATERAL (SELECT user_id FROM members WHERE members.user_id = theirs.user_id FOR NO KEY UPDATE) AS own)
     UPDATE members SET access_version = access_version + 1 FROM locked WHERE members.user_id = locked.user_id
     RETURNING members.user_id AS "userId", access_version AS version, locked.is_staff AS "isStaff"`,
  );
}

const endInOrganisation = end('organisation_members', 'organisation_id = $1');
const endInTeam = end('team_members', 'organisation_id = $1 AND team_id = $2');
const endInProject = end('project_members', 'project_id = $1', 'NOT at_home');

// By the whole key, and nothing else that an index knows: see `someRows`.
const endSomeAtHome = sql(
  'project_members.end-some-at-home',
  `WITH ended AS (
     DELETE FROM project_members WHERE (at_home) IS TRUE AND (project_id, user_id, role) IN (SELECT project_id, user_id, role FROM project_members WHERE project_id = $1 AND at_home ORDER BY user_id LIMIT $2) RETURNING user_id),
   locked AS (SELECT user_id FROM members WHERE user_id IN (SELECT user_id FROM ended) ORDER BY user_id FOR NO KEY UPDATE)
   UPDATE members SET access_version = access_version + 1 FROM locked WHERE members.user_id = locked.user_id RETURNING members.user_id AS "userId", access_version AS version`,
);

/** What is being deleted, and by whom. */
interface Ending {
  organisationId: string;
  actor: Actor;
}

/**
 * Ends every role in something that is being deleted, and takes back the invitations into it; who belongs nowhere then is deleted.
 * Ask it with that thing locked.
 */
@Injectable()
export class EndedRoles {
  constructor(
    private readonly outbox: Outbox,
    private readonly invitations: InvitationsRepository,
    private readonly invitees: InviteesRepository,
    private readonly departures: Departures,
  ) {}

  ofOrganisation(tx: Transaction, organisationId: string, actor: Actor, context: CallContext): Promise<void> {
    return this.end(tx, { statement: endInOrganisation, key: [organisationId], placeId: organisationId }, { organisationId, actor }, context);
  }

  ofTeam(tx: Transaction, { organisationId, teamId }: membership.Team, actor: Actor, context: CallContext): Promise<void> {
    return this.end(tx, { statement: endInTeam, key: [organisationId, teamId], placeId: teamId }, { organisationId, actor }, context);
  }

  ofProject(tx: Transaction, { organisationId, projectId }: membership.Project, actor: Actor, context: CallContext): Promise<void> {
    return this.end(tx, { statement: endInProject, key: [projectId], placeId: projectId }, { organisationId, actor }, context);
  }

  /** Some of the roles that a project's own users have in it. @returns whether there may be more */
  async someAtHome(tx: Transaction, projectId: string, limit: number, context: CallContext): Promise<boolean> {
    const users = await tx.query<{ userId: string; version: number }>(endSomeAtHome, [projectId, limit]);
    await this.outbox.append(tx, context, ...users.map(({ userId, version }) => event(membership.rolesChanged, { userId, version })));
    return users.length > 0;
  }

  private async end(tx: Transaction, { statement, key, placeId }: { statement: Statement; key: string[]; placeId: string }, where: Ending, context: CallContext): Promise<void> {
    const invited = await this.invitations.withdraw(tx, placeId);
    await this.invitees.dismiss(tx, where.organisationId, invited);
    const users = await tx.query<{ userId: string; version: number; isStaff: boolean }>(statement, key);
    await this.outbox.append(tx, context, ...users.map(({ userId, version }) => event(membership.rolesChanged, { userId, version })));
    const staff = users.filter(({ isStaff }) => isStaff).map(({ userId }) => userId);
    await this.departures.within(tx, [...new Set([...invited, ...staff])], where, context);
  }
}
