import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CreateTeam } from './create-team.js';

@Injectable()
export class TeamsMessages {
  constructor(private readonly createTeam: CreateTeam) {}

  @Handles(membership.createTeam)
  async create(...[request, context]: HandlerArguments<typeof membership.createTeam>) {
    return this.createTeam.create(request, context);
  }
}
