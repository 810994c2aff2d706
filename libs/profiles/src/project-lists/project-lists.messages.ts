import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListProjectUsers } from './list-project-users.js';
import { ListTurns } from './list-turns.js';

@Injectable()
export class ProjectListsMessages {
  constructor(
    private readonly lists: ListProjectUsers,
    private readonly turns: ListTurns,
  ) {}

  @Handles(profiles.listProjectUsers)
  list(...[request, { deadlineAt }]: HandlerArguments<typeof profiles.listProjectUsers>) {
    return this.turns.take(request.realmId, deadlineAt, () => this.lists.list(request));
  }

  @Handles(profiles.countProjectUsers)
  async count(...[request, { deadlineAt }]: HandlerArguments<typeof profiles.countProjectUsers>) {
    return { count: await this.turns.take(request.realmId, deadlineAt, () => this.lists.count(request)) };
  }
}
