import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { loginEmailsRepository } from '../login/login-emails.repository.js';
import { ChangeOwnEmail } from './change-own-email.js';
import { ChangeOwnPassword } from './change-own-password.js';
import { ConfirmEmail } from './confirm-email.js';
import { RequestLink } from './request-link.js';
import { ResetPassword } from './reset-password.js';

@Injectable()
export class SelfServiceMessages {
  constructor(
    private readonly database: Database,
    private readonly requestLink: RequestLink,
    private readonly resetPassword: ResetPassword,
    private readonly changeOwnPassword: ChangeOwnPassword,
    private readonly changeOwnEmail: ChangeOwnEmail,
    private readonly confirmEmail: ConfirmEmail,
  ) {}

  @Handles(identity.forgetPassword)
  async forget(...[request, context]: HandlerArguments<typeof identity.forgetPassword>) {
    await this.requestLink.execute('password-reset', request, context);
    return {};
  }

  @Handles(identity.sendEmailVerification)
  async verify(...[request, context]: HandlerArguments<typeof identity.sendEmailVerification>) {
    await this.requestLink.execute('email-verification', request, context);
    return {};
  }

  @Handles(identity.resetPassword)
  async reset(...[request, context]: HandlerArguments<typeof identity.resetPassword>) {
    await this.resetPassword.execute(request, context);
    return {};
  }

  @Handles(identity.confirmEmail)
  async confirm(...[request, context]: HandlerArguments<typeof identity.confirmEmail>) {
    await this.confirmEmail.execute(request, context);
    return {};
  }

  @Handles(identity.changeOwnPassword)
  async changePassword(...[request, context]: HandlerArguments<typeof identity.changeOwnPassword>) {
    await this.changeOwnPassword.execute(request, context);
    return {};
  }

  @Handles(identity.changeOwnEmail)
  async changeEmail(...[request, context]: HandlerArguments<typeof identity.changeOwnEmail>) {
    await this.changeOwnEmail.execute(request, context);
    return {};
  }

  @Handles(identity.getOwnLogin)
  async getOwn(...[{ realmId, userId }]: HandlerArguments<typeof identity.getOwnLogin>) {
    const login = await loginEmailsRepository.own(this.database, realmId, userId);
    if (login === undefined) throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
    return login;
  }
}
