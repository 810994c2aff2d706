import { Injectable } from '@nestjs/common';
import type { Actor, profiles } from '#libs/contracts';
import { Database, GroupCommit, type Outcome } from '#libs/platform/database';
import { isFailure, platformErrors } from '#libs/platform/errors';
import { withoutIdempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { DirectoryRepository } from '../directory/directory.repository.js';
import { changeLoginEmail } from '../users/change-login-email.js';
import { checkPatch } from '../users/check-patch.js';
import { UpsertGroup } from '../users/upsert-group.js';
import { UpsertTools } from '../users/upsert-tools.js';
import type { UserWrite, UserWritten } from '../users/user-draft.js';

type Request = RequestOf<typeof profiles.importUsers>;
type Result = ResponseOf<typeof profiles.importUsers>['results'][number];

/** Whose email others change while we ask about it, or who is erased and made again, is asked about anew. */
const attempts = 3;

/** Writes users who are about to be able to log in, those of one request in one transaction. */
@Injectable()
export class ImportUsers {
  private readonly commits: GroupCommit<UserWrite, UserWritten>;

  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly tools: UpsertTools,
    private readonly directory: DirectoryRepository,
  ) {
    this.commits = new GroupCommit((writes) => this.write(writes));
  }

  async execute({ realmId, users, actor }: Request, context: CallContext): Promise<ResponseOf<typeof profiles.importUsers>> {
    return { results: await Promise.all(users.map((user) => this.importOne(user, realmId, actor, withoutIdempotency(context)))) };
  }

  private async importOne(user: Request['users'][number], realmId: string, actor: Actor, context: CallContext): Promise<Result> {
    try {
      const written = await this.written(user, realmId, actor, context);
      return { userId: written.userId, email: written.email };
    } catch (error) {
      if (!isFailure(error)) throw error;
      return { error: { code: error.value.code, message: error.value.message } };
    }
  }

  private async written({ newUserId, externalId, patch }: Request['users'][number], realmId: string, actor: Actor, context: CallContext): Promise<profiles.Profile> {
    const write: UserWrite = {
      // As Postgres writes them: the writer compares ids with those of rows.
      realmId: realmId.toLowerCase(),
      newUserId: newUserId.toLowerCase(),
      externalId,
      onlyExisting: externalId === undefined,
      patch: checkPatch(externalId, patch),
      asAddressed: false,
      recreateErased: false,
      mayChangeEmail: true,
      actor,
      context,
    };
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const written = await this.commits.submit(write, context.deadlineAt);
      if ('user' in written) return written.user;
      const { userId, email } = written.askIdentity;
      await changeLoginEmail(this.rpc, { realmId, userId, email }, context);
      write.agreed = written.askIdentity;
    }
    throw platformErrors.failure('service-unavailable', 'The user changed faster than identity could be asked.', { retryAfter: 1 });
  }

  private async write(writes: readonly UserWrite[]): Promise<Outcome<UserWritten>[]> {
    return this.database.withTransaction(async (tx) => {
      const outcomes = await new UpsertGroup(tx, this.tools).run(writes);
      await this.directory.expectLogins(tx, outcomes.flatMap((outcome) => ('answer' in outcome && 'user' in outcome.answer ? [outcome.answer.user] : [])));
      return outcomes;
    });
  }
}
