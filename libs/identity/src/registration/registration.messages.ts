import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ChangeLoginNames } from './change-login-names.js';
import { RegisterUser } from './register-user.js';
import { SetUserStatus } from './set-user-status.js';

@Injectable()
export class RegistrationMessages {
  constructor(
    private readonly registerUser: RegisterUser,
    private readonly setUserStatus: SetUserStatus,
    private readonly changeLoginNames: ChangeLoginNames,
  ) {}

  @Handles(identity.registerUser)
  async register(...[request, context]: HandlerArguments<typeof identity.registerUser>) {
    return { userId: await this.registerUser.execute(request, context) };
  }

  @Handles(identity.setUserStatus)
  async setStatus(...[request, context]: HandlerArguments<typeof identity.setUserStatus>) {
    return { changed: await this.setUserStatus.execute(request, context) };
  }

  @Handles(identity.changeLoginNames)
  async changeNames(...[request, context]: HandlerArguments<typeof identity.changeLoginNames>) {
    return { changed: await this.changeLoginNames.execute(request, context) };
  }
}
