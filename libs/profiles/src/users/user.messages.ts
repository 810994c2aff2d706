import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { GetUser } from './get-user.js';
import { UpsertUser } from './upsert-user.js';

@Injectable()
export class UserMessages {
  constructor(
    private readonly upsertUser: UpsertUser,
    private readonly getUser: GetUser,
  ) {}

  @Handles(profiles.upsertUser)
  upsert(...[request, context]: HandlerArguments<typeof profiles.upsertUser>) {
    return this.upsertUser.execute(request, context);
  }

  @Handles(profiles.getUser)
  get(...[request, context]: HandlerArguments<typeof profiles.getUser>) {
    return this.getUser.execute(request, context);
  }
}
