import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { LoginCounts } from '../figures/login-counts.js';
import { CompleteNewPassword } from './complete-new-password.js';
import { LogIn } from './log-in.js';

/** Who knocks, with a password or with what a login waits for: let in or not, it is counted. */
@Injectable()
export class Enter {
  constructor(
    private readonly logIn: LogIn,
    private readonly completeNewPassword: CompleteNewPassword,
    private readonly counts: LoginCounts,
  ) {}

  withPassword(request: RequestOf<typeof identity.logIn>, context: CallContext) {
    return this.counted(request.realmId, this.logIn.execute(request, context));
  }

  withNewPassword(request: RequestOf<typeof identity.completeNewPassword>, context: CallContext) {
    return this.counted(request.realmId, this.completeNewPassword.execute(request, context));
  }

  private async counted<Answer extends { step: string }>(realmId: string | null, answer: Promise<Answer>): Promise<Answer> {
    try {
      const result = await answer;
      if (realmId !== null) this.counts.add(realmId, result);
      return result;
    } catch (error) {
      if (realmId !== null) this.counts.add(realmId, { error });
      throw error;
    }
  }
}
