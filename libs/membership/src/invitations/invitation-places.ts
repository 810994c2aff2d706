import { Injectable } from '@nestjs/common';
import { membership, staffRealmId } from '#libs/contracts';
import type { Outcome, Queryable } from '#libs/platform/database';
import { isFailure, type Failure } from '#libs/platform/errors';
import { OrganisationsRepository } from '../organisations/organisations.repository.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { TeamsRepository } from '../teams/teams.repository.js';
import type { StoredInvitation } from './invitations.repository.js';

const { membershipErrors } = membership;

/** Where an invitation leads. */
export type InvitationPlace = Pick<StoredInvitation, 'placeId' | 'level' | 'organisationId' | 'teamId' | 'projectId'>;

@Injectable()
export class InvitationPlaces {
  constructor(
    private readonly organisations: OrganisationsRepository,
    private readonly teams: TeamsRepository,
    private readonly projects: ProjectsRepository,
  ) {}

  /** @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found` */
  async find(on: Queryable, scope: membership.Scope): Promise<InvitationPlace> {
    switch (scope.level) {
      case 'deployment':
        return { level: 'deployment', placeId: staffRealmId, organisationId: null, teamId: null, projectId: null };
      case 'organisation': {
        const { organisationId } = scope;
        if ((await this.organisations.get(on, organisationId)) === undefined) throw membershipErrors.failure('organisation-not-found', 'There is no such organisation.');
        return { level: 'organisation', placeId: organisationId, organisationId, teamId: null, projectId: null };
      }
      case 'team': {
        const team = await this.teams.get(on, scope.teamId);
        if (team === undefined) throw membershipErrors.failure('team-not-found', 'There is no such team.');
        return { level: 'team', placeId: team.teamId, organisationId: team.organisationId, teamId: team.teamId, projectId: null };
      }
      case 'project': {
        const project = await this.projects.get(on, scope.projectId);
        if (project === undefined) throw membershipErrors.failure('project-not-found', 'There is no such project.');
        return { level: 'project', placeId: project.projectId, organisationId: project.organisationId, teamId: null, projectId: project.projectId };
      }
    }
  }
  /** As `find`, of several, each place once. @returns one outcome for each, in order */
  async findEach(on: Queryable, scopes: readonly membership.Scope[]): Promise<Outcome<InvitationPlace>[]> {
    const found = new Map<string, Outcome<InvitationPlace>>();
    const keys = scopes.map((scope) => JSON.stringify(scope));
    for (const [place, key] of keys.entries()) if (!found.has(key)) found.set(key, await this.find(on, scopes[place]!).then((answer) => ({ answer }), failureOf));
    return keys.map((key) => found.get(key)!);
  }
}

function failureOf(error: unknown): { failure: Failure } {
  if (isFailure(error)) return { failure: error };
  throw error;
}
