import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CreateProject } from './create-project.js';
import { FindProject } from './find-project.js';

@Injectable()
export class ProjectsMessages {
  constructor(
    private readonly createProject: CreateProject,
    private readonly findProject: FindProject,
  ) {}

  @Handles(membership.createProject)
  async create(...[request, context]: HandlerArguments<typeof membership.createProject>) {
    return this.createProject.create(request, context);
  }

  @Handles(membership.findProject)
  async find(...[{ project }]: HandlerArguments<typeof membership.findProject>) {
    return this.findProject.find(project);
  }
}
