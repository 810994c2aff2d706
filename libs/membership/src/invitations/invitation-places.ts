import { Injectable } from '@nestjs/common';
import { membership, staffRealmId } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import { OrganisationsRepository } from '../organisations/organisations.repository.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { TeamsRepository } from '../teams/teams.repository.js';
import type { StoredInvitation } from './invitations.repository.js';

const { membershipErrors } = membership;

/** Where an invitation leads. */
export interface InvitationPlace extends Pick<StoredInvitation, 'placeId' | 'level' | 'organisationId' | 'teamId' | 'projectId'> {
  /** The name of the team or the project; null for an organisation and the deployment. */
  name: string | null;
}

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
        return { level: 'deployment', placeId: staffRealmId, organisationId: null, teamId: null, projectId: null, name: null };
      case 'organisation': {
        const { organisationId } = scope;
        if ((await this.organisations.get(on, organisationId)) === undefined) throw membershipErrors.failure('organisation-not-found', 'There is no such organisation.');
        return { level: 'organisation', placeId: organisationId, organisationId, teamId: null, projectId: null, name: null };
      }
      case 'team': {
        const team = await this.teams.get(on, scope.teamId);
        if (team === undefined) throw membershipErrors.failure('team-not-found', 'There is no such team.');
        return { level: 'team', placeId: team.teamId, organisationId: team.organisationId, teamId: team.teamId, projectId: null, name: team.name };
      }
      case 'project': {
        const project = await this.projects.get(on, scope.projectId);
        if (project === undefined) throw membershipErrors.failure('project-not-found', 'There is no such project.');
        return { level: 'project', placeId: project.projectId, organisationId: project.organisationId, teamId: null, projectId: project.projectId, name: project.name };
      }
    }
  }

  async organisationName(on: Queryable, organisationId: string): Promise<string | undefined> {
    return (await this.organisations.get(on, organisationId))?.name;
  }
}

/** The scope that the row was made of. */
export function scopeOf({ level, placeId }: Pick<StoredInvitation, 'level' | 'placeId'>): membership.Scope {
  switch (level) {
    case 'deployment':
      return { level };
    case 'organisation':
      return { level, organisationId: placeId };
    case 'team':
      return { level, teamId: placeId };
    case 'project':
      return { level, projectId: placeId };
  }
}
