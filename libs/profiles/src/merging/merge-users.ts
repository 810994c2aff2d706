import { Injectable } from '@nestjs/common';
import { identity, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors } from '#libs/platform/errors';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { mayChangeLogin } from '../users/change-login-email.js';
import type { EmailAgreement } from '../users/email-agreement.js';
import { MergeStep, type DoneMerge, type Merge, type Merged } from './merge-step.js';

const { profilesErrors } = profiles;
const attempts = 3;

/** Makes two users one, in one transaction. */
@Injectable()
export class MergeUsers {
  constructor(
    private readonly database: Database,
    private readonly step: MergeStep,
    private readonly rpc: RpcClient,
    private readonly idempotency: Idempotency,
  ) {}

  async execute(request: Merge, context: CallContext): Promise<DoneMerge> {
    let agreed: EmailAgreement | undefined;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const merged = await this.database.withTransaction((tx) =>
        this.idempotency.once(tx, context, {
          work: (): Promise<Merged> => this.step.execute(tx, request, context, agreed),
          refer: (result) => ('user' in result ? { userId: result.user.userId } : undefined),
          again: ({ userId }) => this.step.again(tx, request, userId),
        }),
      );
      if ('user' in merged) return merged;
      const { userId, email } = merged.askIdentity;
      await mayChangeLogin(this.rpc, { realmId: request.realmId, userId }, request, context);
      await this.rpc.call(identity.changeLoginEmail, { realmId: request.realmId, userId, email }, context).catch((error: unknown) => {
        throw isFailure(error, 'email-taken') ? profilesErrors.failure('email-taken', 'Another user of the project logs in by the email that the destination would gain.', { cause: error }) : error;
      });
      agreed = merged.askIdentity;
    }
    throw platformErrors.failure('service-unavailable', 'The users changed faster than identity could be asked.', { retryAfter: 1 });
  }
}
