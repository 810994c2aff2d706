import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import { organisationNotFound } from '../organisations/find-organisation.js';
import { OrganisationsRepository } from '../organisations/organisations.repository.js';
import { projectNotFound } from '../projects/find-project.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { teamNotFound } from '../teams/find-teams.js';
import { TeamsRepository } from '../teams/teams.repository.js';
import { GivenRolesRepository, type Member } from './given-roles.repository.js';

/** A place, and what a user was given there. */
export interface Given {
  organisationId: string;
  team: membership.Team | undefined;
  roles: Member[];
}

@Injectable()
export class MemberPlaces {
  constructor(
    private readonly organisations: OrganisationsRepository,
    private readonly teams: TeamsRepository,
    private readonly projects: ProjectsRepository,
    private readonly given: GivenRolesRepository,
  ) {}

  /**
   * The place, and what the user was given there. An organisation is locked: who is its last administrator is decided one after the other.
   * @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found`
   */
  async find(tx: Transaction, place: membership.MemberPlace, userId: string): Promise<Given> {
    switch (place.level) {
      case 'organisation': {
        const organisation = await this.organisations.lock(tx, place.organisationId);
        if (organisation === undefined) throw organisationNotFound();
        return { organisationId: organisation.organisationId, team: undefined, roles: await this.given.inOrganisation(tx, organisation.organisationId, userId) };
      }
      case 'team': {
        const team = await this.teams.get(tx, place.teamId);
        if (team === undefined) throw teamNotFound();
        return { organisationId: team.organisationId, team, roles: await this.given.inTeam(tx, team, userId) };
      }
      case 'project': {
        const project = await this.projects.get(tx, place.projectId);
        if (project === undefined) throw projectNotFound();
        return { organisationId: project.organisationId, team: undefined, roles: await this.given.inProject(tx, project.projectId, userId) };
      }
    }
  }
}
