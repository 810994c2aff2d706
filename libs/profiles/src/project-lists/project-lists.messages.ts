import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListProjectUsers } from './list-project-users.js';

@Injectable()
export class ProjectListsMessages {
  constructor(private readonly lists: ListProjectUsers) {}

  @Handles(profiles.listProjectUsers)
  list(...[request]: HandlerArguments<typeof profiles.listProjectUsers>) {
    return this.lists.list(request);
  }

  @Handles(profiles.countProjectUsers)
  async count(...[request]: HandlerArguments<typeof profiles.countProjectUsers>) {
    return { count: await this.lists.count(request) };
  }
}
