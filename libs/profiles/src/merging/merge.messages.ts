import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { MergeUsers } from './merge-users.js';

@Injectable()
export class MergeMessages {
  constructor(private readonly mergeUsers: MergeUsers) {}

  @Handles(profiles.mergeUsers)
  merge(...[request, context]: HandlerArguments<typeof profiles.mergeUsers>) {
    return this.mergeUsers.execute(request, context);
  }
}
