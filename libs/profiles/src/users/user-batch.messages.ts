import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListFields } from '../fields/list-fields.js';
import { howManyFit } from './answer-size.js';
import { ListNewestUsers } from './list-newest-users.js';
import { ReadUsers } from './read-users.js';
import { UpsertUsers } from './upsert-users.js';

@Injectable()
export class UserBatchMessages {
  constructor(
    private readonly upsertUsers: UpsertUsers,
    private readonly readUsers: ReadUsers,
    private readonly listNewest: ListNewestUsers,
    private readonly fields: ListFields,
  ) {}

  @Handles(profiles.upsertUsers)
  async upsert(...[request, context]: HandlerArguments<typeof profiles.upsertUsers>) {
    const users = await this.upsertUsers.execute(request, context);
    const fitting = howManyFit(users);
    return { users: users.slice(0, fitting), rest: users.slice(fitting).map(({ userId }) => userId), declared: await this.declared(request.realmId) };
  }

  @Handles(profiles.readUsers)
  read(...[request]: HandlerArguments<typeof profiles.readUsers>) {
    return this.readUsers.execute(request);
  }

  @Handles(profiles.listNewestUsers)
  async list(...[request]: HandlerArguments<typeof profiles.listNewestUsers>) {
    const [page, declared] = await Promise.all([this.listNewest.execute(request), this.declared(request.realmId)]);
    return { ...page, declared };
  }

  private async declared(realmId: string): Promise<string[]> {
    return (await this.fields.execute({ realmId })).map(({ name }) => name);
  }
}
