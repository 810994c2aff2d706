import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ApplyLoginStates } from './apply-login-states.js';
import { BeginLogin } from './begin-login.js';

@Injectable()
export class DirectoryMessages {
  constructor(
    private readonly database: Database,
    private readonly applyLoginStates: ApplyLoginStates,
    private readonly beginLogin: BeginLogin,
  ) {}

  @Handles(profiles.applyLoginState)
  async apply(...[{ realmId, users }, context]: HandlerArguments<typeof profiles.applyLoginState>) {
    return { applied: await this.database.withTransaction((tx) => this.applyLoginStates.execute(tx, realmId, users, context)) };
  }

  @Handles(profiles.beginLogin)
  begin(...[request]: HandlerArguments<typeof profiles.beginLogin>) {
    return this.beginLogin.execute(request);
  }
}
