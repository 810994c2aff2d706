import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CreateProject } from './create-project.js';
import { DeleteProject } from './delete-project.js';
import { FindProject } from './find-project.js';
import { ListProjects } from './list-projects.js';
import { UpdateProject } from './update-project.js';

@Injectable()
export class ProjectsMessages {
  constructor(
    private readonly createProject: CreateProject,
    private readonly findProject: FindProject,
    private readonly listProjects: ListProjects,
    private readonly updateProject: UpdateProject,
    private readonly deleteProject: DeleteProject,
  ) {}

  @Handles(membership.createProject)
  async create(...[request, context]: HandlerArguments<typeof membership.createProject>) {
    return this.createProject.create(request, context);
  }

  @Handles(membership.findProject)
  async find(...[{ project }]: HandlerArguments<typeof membership.findProject>) {
    return this.findProject.find(project);
  }

  @Handles(membership.getProject)
  async get(...[{ projectId }]: HandlerArguments<typeof membership.getProject>) {
    return this.findProject.get(projectId);
  }

  @Handles(membership.listProjects)
  async list(...[request]: HandlerArguments<typeof membership.listProjects>) {
    return this.listProjects.list(request);
  }

  @Handles(membership.updateProject)
  async update(...[request, context]: HandlerArguments<typeof membership.updateProject>) {
    return this.updateProject.update(request, context);
  }

  @Handles(membership.deleteProject)
  async delete(...[request, context]: HandlerArguments<typeof membership.deleteProject>) {
    await this.deleteProject.delete(request, context);
    return {};
  }
}
