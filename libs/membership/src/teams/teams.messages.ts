import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CreateTeam } from './create-team.js';
import { DeleteTeam } from './delete-team.js';
import { FindTeams } from './find-teams.js';
import { UpdateTeam } from './update-team.js';

@Injectable()
export class TeamsMessages {
  constructor(
    private readonly createTeam: CreateTeam,
    private readonly findTeams: FindTeams,
    private readonly updateTeam: UpdateTeam,
    private readonly deleteTeam: DeleteTeam,
  ) {}

  @Handles(membership.createTeam)
  async create(...[request, context]: HandlerArguments<typeof membership.createTeam>) {
    return this.createTeam.create(request, context);
  }

  @Handles(membership.getTeam)
  async get(...[{ teamId }]: HandlerArguments<typeof membership.getTeam>) {
    return this.findTeams.get(teamId);
  }

  @Handles(membership.listTeams)
  async list(...[request]: HandlerArguments<typeof membership.listTeams>) {
    return this.findTeams.list(request);
  }

  @Handles(membership.updateTeam)
  async update(...[request, context]: HandlerArguments<typeof membership.updateTeam>) {
    return this.updateTeam.update(request, context);
  }

  @Handles(membership.deleteTeam)
  async delete(...[request, context]: HandlerArguments<typeof membership.deleteTeam>) {
    await this.deleteTeam.delete(request, context);
    return {};
  }
}
