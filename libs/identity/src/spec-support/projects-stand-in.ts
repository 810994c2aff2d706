import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

/** Answers what identity asks about projects, by the contract. Every realm is one. */
@Injectable()
export class ProjectsStandIn {
  readonly settings = new Map<string, membership.ProjectSettings>();

  @Handles(membership.findProject)
  async find(...[{ project }]: HandlerArguments<typeof membership.findProject>): Promise<membership.Project> {
    return { projectId: project, organisationId: project, teamId: null, name: 'A project', slug: 'a-project', settings: this.settings.get(project) ?? {} };
  }
}
