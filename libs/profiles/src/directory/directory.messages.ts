import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ApplyLoginStates } from './apply-login-states.js';
import { ApplyRoles } from './apply-roles.js';
import { BeginLogin } from './begin-login.js';

@Injectable()
export class DirectoryMessages {
  constructor(
    private readonly database: Database,
    private readonly applyLoginStates: ApplyLoginStates,
    private readonly beginLogin: BeginLogin,
    private readonly applyRoles: ApplyRoles,
  ) {}

  @Handles(profiles.applyLoginState)
  async apply(...[{ realmId, users }, context]: HandlerArguments<typeof profiles.applyLoginState>) {
    return { applied: await this.database.withTransaction((tx) => this.applyLoginStates.execute(tx, realmId, users, context)) };
  }

  @Handles(profiles.applyRoles)
  async takeRoles(...[{ realmId, users }]: HandlerArguments<typeof profiles.applyRoles>) {
    return { applied: await this.database.withTransaction((tx) => this.applyRoles.execute(tx, realmId, users)) };
  }

  @Handles(profiles.beginLogin)
  begin(...[request]: HandlerArguments<typeof profiles.beginLogin>) {
    return this.beginLogin.execute(request);
  }
}
