import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { withoutIdempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { changeLoginEmail } from './change-login-email.js';
import { checkPatch } from './check-patch.js';
import type { EmailAgreement } from './email-agreement.js';
import { withShownUids } from './shown-uids.js';
import type { UserWrite, UserWritten } from './user-draft.js';
import { UserWriter } from './user-writer.js';

/** Whose email others change while we ask about it, or who is erased and made again, is asked about anew. */
const attempts = 3;

/** Creates a user, or merges a patch into the one who is there. */
@Injectable()
export class UpsertUser {
  constructor(
    private readonly writer: UserWriter,
    private readonly rpc: RpcClient,
    private readonly database: Database,
  ) {}

  async execute(request: RequestOf<typeof profiles.upsertUser>, context: CallContext): Promise<ResponseOf<typeof profiles.upsertUser>> {
    const { externalId, asAddressed, recreateErased, mayChangeEmail, mayConvert, mayTakeExternalId, onlyExisting, takeExternalId, touched, actor } = request;
    // As Postgres writes them: the writer compares ids with those of rows.
    const realmId = request.realmId.toLowerCase();
    const newUserId = request.newUserId.toLowerCase();
    const patch = checkPatch(externalId, request.patch);
    let agreed: EmailAgreement | undefined;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const write = { realmId, newUserId, externalId, asAddressed, patch, recreateErased, mayChangeEmail, mayConvert, mayTakeExternalId, onlyExisting, takeExternalId, touched, actor, context, agreed };
      const written = await (request.checkOnly ? this.check(write) : this.writer.write(write));
      // Where nobody asked under a uid, none is shown.
      if ('user' in written) return asAddressed && written.user.externalId === null ? { ...written, user: (await withShownUids(this.database, [written.user]))[0]! } : written;
      const { userId, email } = written.askIdentity;
      // Whoever only checks an email has identity say for itself whether it may change.
      // Who may not in any case is not told what the user may do.
      if (!request.checkOnly) await changeLoginEmail(this.rpc, { realmId, userId, email, ...(mayChangeEmail ? {} : { contactOnly: true }) }, context, mayChangeEmail ? request : undefined);
      agreed = written.askIdentity;
    }
    throw platformErrors.failure('service-unavailable', 'The user changed faster than identity could be asked.', { retryAfter: 1 });
  }

  private async check(write: UserWrite): Promise<UserWritten> {
    const context = withoutIdempotency(write.context);
    // Nobody else can have the name of who has none: that needs no row to be seen.
    if (write.externalId === undefined && write.takeExternalId === undefined && write.onlyExisting !== true) return this.writer.checkNew({ ...write, context });
    const [outcome] = await this.writer.writeTogether([{ ...write, context }], false, context);
    if ('failure' in outcome!) throw outcome.failure;
    return outcome!.answer;
  }
}
