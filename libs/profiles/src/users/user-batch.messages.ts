import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListActivityEvents } from '../activity/list-activity-events.js';
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
    private readonly activityEvents: ListActivityEvents,
  ) {}

  @Handles(profiles.upsertUsers)
  async upsert(...[request, context]: HandlerArguments<typeof profiles.upsertUsers>) {
    const users = await this.upsertUsers.execute(request, context);
    const fitting = howManyFit(users);
    return { users: users.slice(0, fitting), rest: users.slice(fitting).map(({ userId }) => userId), ...(await this.shown(request.realmId)) };
  }

  @Handles(profiles.readUsers)
  read(...[request]: HandlerArguments<typeof profiles.readUsers>) {
    return this.readUsers.execute(request);
  }

  @Handles(profiles.listNewestUsers)
  async list(...[request]: HandlerArguments<typeof profiles.listNewestUsers>) {
    const [page, shown] = await Promise.all([this.listNewest.execute(request), this.shown(request.realmId)]);
    return { ...page, ...shown };
  }

  private async shown(realmId: string): Promise<{ declared: string[]; marked: string[] }> {
    const [fields, { events }] = await Promise.all([this.fields.execute({ realmId }), this.activityEvents.execute({ realmId })]);
    return { declared: fields.map(({ name }) => name), marked: events };
  }
}
