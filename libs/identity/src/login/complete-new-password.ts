import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { NewPasswords } from '../passwords/new-passwords.js';
import { SessionStarter, type PreparedSession } from '../sessions/session-starter.js';
import { KnownDevices } from '../throttling/known-devices.js';
import { LoginStatePush } from './login-state-push.js';
import { LoginSteps, stepTokenInvalid, type WaitingLogin } from './login-steps.js';
import { loginsRepository, type LoginRow } from './logins.repository.js';
import { WritePassword } from './write-password.js';

/** Takes a password of the user's own in place of an administrator's, and logs them in: one transaction, so that there is never one without the other. */
@Injectable()
export class CompleteNewPassword {
  constructor(
    private readonly steps: LoginSteps,
    private readonly passwords: NewPasswords,
    private readonly sessions: SessionStarter,
    private readonly writePassword: WritePassword,
    private readonly statePush: LoginStatePush,
    private readonly devices: KnownDevices,
  ) {}

  async execute({ realmId, stepToken, password, address, userAgent, deviceToken }: RequestOf<typeof identity.completeNewPassword>, context: CallContext): Promise<ResponseOf<typeof identity.completeNewPassword>> {
    // Before the password is hashed, so that nobody has us hash without a token.
    const { waiting, login } = await this.steps.find('new-password', stepToken, realmId);
    refuseOther(login, waiting);
    const user = { realmId: waiting.realmId, userId: waiting.userId };
    const passwordHash = await this.passwords.hashAnother(password, login.passwordHash, context);
    const session = this.sessions.prepare({ ...user, address, userAgent });
    const state = await this.writePassword.execute(
      {
        ...{ ...user, password, passwordHash, mustChange: false, keepSessionId: session.sessionId, contactEmail: null, actor: { type: 'user', id: user.userId } },
        first: (tx, locked) => this.begin(tx, locked, waiting, session),
      },
      context,
    );
    if (state === null) throw stepTokenInvalid();
    await this.statePush.push(user.realmId, [state], context);
    return { step: 'done', ...session.tokens, deviceToken: this.devices.issue(deviceToken, user) };
  }

  /** With the login locked: of any number who show its token, the first finds it as it was. */
  private async begin(tx: Transaction, login: LoginRow, waiting: WaitingLogin, session: PreparedSession): Promise<void> {
    refuseOther(login, waiting);
    await session.save(tx);
    await loginsRepository.noteLogin(tx, waiting.realmId, waiting.userId);
  }
}

/** @throws Failure `step-token-invalid`, `user-inactive` */
function refuseOther(login: LoginRow, { version }: WaitingLogin): void {
  const waits = login.status === 'active' && !login.suspended && login.mustChangePassword;
  if (waits && !login.isActive) throw identity.identityErrors.failure('user-inactive', 'The user is inactive.');
  if (!waits || login.version !== version) throw stepTokenInvalid();
}
