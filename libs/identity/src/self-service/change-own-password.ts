import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { LoginStatePush } from '../login/login-state-push.js';
import { WritePassword } from '../login/write-password.js';
import { NewPasswords } from '../passwords/new-passwords.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { assertStillChecked, OwnPasswordCheck } from './own-password-check.js';

@Injectable()
export class ChangeOwnPassword {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly check: OwnPasswordCheck,
    private readonly passwords: NewPasswords,
    private readonly writePassword: WritePassword,
    private readonly statePush: LoginStatePush,
  ) {}

  async execute({ realmId, userId, sessionId, current, password }: RequestOf<typeof identity.changeOwnPassword>, context: CallContext): Promise<void> {
    // First what needs no hashing.
    this.policy.check(password);
    const checked = await this.check.check({ realmId, userId, password: current }, context);
    const change = { realmId, userId, password, passwordHash: await this.passwords.hash(password, context), mustChange: false, keepSessionId: sessionId, contactEmail: null, actor: { type: 'user' as const, id: userId } };
    const state = await this.writePassword.execute(
      {
        ...change,
        // Else two who know the old password would both have changed it.
        first: async (_, login) => assertStillChecked(login, checked),
      },
      context,
    );
    if (state === null) throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
    await this.statePush.push(realmId, [state], context);
  }
}
