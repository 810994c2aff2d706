import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { BeginLogin } from './begin-login.js';
import { TakeStates } from './take-states.js';

@Injectable()
export class DirectoryMessages {
  constructor(
    private readonly takeStates: TakeStates,
    private readonly beginLogin: BeginLogin,
  ) {}

  @Handles(profiles.applyLoginState)
  async apply(...[request, context]: HandlerArguments<typeof profiles.applyLoginState>) {
    return { applied: await this.takeStates.ofLogins(request, context) };
  }

  @Handles(profiles.applyRoles)
  async takeRoles(...[request, context]: HandlerArguments<typeof profiles.applyRoles>) {
    return { applied: await this.takeStates.ofRoles(request, context) };
  }

  @Handles(profiles.beginLogin)
  begin(...[request]: HandlerArguments<typeof profiles.beginLogin>) {
    return this.beginLogin.execute(request);
  }
}
