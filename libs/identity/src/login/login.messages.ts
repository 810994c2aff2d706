import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { RefusedLogins } from '../throttling/refused-logins.js';
import { ChangeLoginEmail } from './change-login-email.js';
import { ClaimLoginEmail } from './claim-login-email.js';
import { Enter } from './enter.js';
import { loginsRepository } from './logins.repository.js';
import { SetPassword } from './set-password.js';

@Injectable()
export class LoginMessages {
  constructor(
    private readonly database: Database,
    private readonly enter: Enter,
    private readonly setPassword: SetPassword,
    private readonly changeLoginEmail: ChangeLoginEmail,
    private readonly claimLoginEmail: ClaimLoginEmail,
    private readonly refusedLogins: RefusedLogins,
  ) {}

  @Handles(identity.logIn)
  async logIn(...[request, context]: HandlerArguments<typeof identity.logIn>) {
    return this.refusedLogins.watch(request, context, this.enter.withPassword(request, context));
  }

  @Handles(identity.completeNewPassword)
  async enterWithNewPassword(...[request, context]: HandlerArguments<typeof identity.completeNewPassword>) {
    return this.enter.withNewPassword(request, context);
  }

  @Handles(identity.setPassword)
  async givePassword(...[request, context]: HandlerArguments<typeof identity.setPassword>) {
    await this.setPassword.execute(request, context);
    return {};
  }

  @Handles(identity.changeLoginEmail)
  async changeEmail(...[request, context]: HandlerArguments<typeof identity.changeLoginEmail>) {
    return this.changeLoginEmail.execute(request, context);
  }

  @Handles(identity.checkLoginEmail)
  async checkEmail(...[request, context]: HandlerArguments<typeof identity.checkLoginEmail>) {
    await this.changeLoginEmail.check(request, context);
    return {};
  }

  @Handles(identity.claimLoginEmail)
  async claimEmail(...[request, context]: HandlerArguments<typeof identity.claimLoginEmail>) {
    return { userId: await this.claimLoginEmail.execute(request, context) };
  }

  @Handles(identity.describeLogins)
  async describe(...[{ realmId, userIds }]: HandlerArguments<typeof identity.describeLogins>) {
    return { users: await loginsRepository.describe(this.database, realmId, userIds) };
  }
}
