import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListUsersByInsertion } from './list-users-by-insertion.js';
import { PutUser } from './put-user.js';

@Injectable()
export class UserChangesMessages {
  constructor(
    private readonly putUser: PutUser,
    private readonly listUsers: ListUsersByInsertion,
  ) {}

  @Handles(profiles.putUser)
  put(...[request, context]: HandlerArguments<typeof profiles.putUser>) {
    return this.putUser.execute(request, context);
  }

  @Handles(profiles.listUsersByInsertion)
  list(...[request]: HandlerArguments<typeof profiles.listUsersByInsertion>) {
    return this.listUsers.execute(request);
  }
}
