import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database, type Outcome, type Transaction } from '#libs/platform/database';
import { isFailure, type Failure } from '#libs/platform/errors';
import { withoutIdempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { checkPatch } from '../users/check-patch.js';
import { UpsertGroup } from '../users/upsert-group.js';
import { UpsertTools } from '../users/upsert-tools.js';
import { UpsertUser } from '../users/upsert-user.js';
import type { UserWrite, UserWritten } from '../users/user-draft.js';

type Request = RequestOf<typeof profiles.loadUsers>;
type Result = ResponseOf<typeof profiles.loadUsers>['results'][number];

/** Writes users who come from a file: those of a batch in one transaction, without those that are refused. */
@Injectable()
export class LoadUsers {
  constructor(
    private readonly database: Database,
    private readonly tools: UpsertTools,
    private readonly upsertUser: UpsertUser,
  ) {}

  async execute({ realmId, users, checkOnly, actor }: Request, context: CallContext): Promise<Result[]> {
    const results: Result[] = [];
    const writes: UserWrite[] = [];
    const places: number[] = [];
    users.forEach(({ newUserId, externalId, patch }, place) => {
      try {
        // As Postgres writes them: the writer compares ids with those of rows.
        writes.push({ realmId: realmId.toLowerCase(), newUserId: newUserId.toLowerCase(), externalId, patch: checkPatch(externalId, patch), recreateErased: false, mayChangeEmail: true, actor, context: withoutIdempotency(context) });
        places.push(place);
      } catch (error) {
        if (!isFailure(error)) throw error;
        results[place] = refusedBy(error);
      }
    });
    const outcomes = writes.length === 0 ? [] : await this.write(writes, checkOnly);
    for (const [index, outcome] of outcomes.entries()) {
      const place = places[index]!;
      if ('failure' in outcome) results[place] = refusedBy(outcome.failure);
      else if ('user' in outcome.answer) results[place] = writtenAs(outcome.answer.user, writes[index]!);
      else results[place] = await this.changeLogin(users[place]!, { realmId, checkOnly, actor }, context);
    }
    return results;
  }

  private write(writes: readonly UserWrite[], checkOnly: boolean): Promise<Outcome<UserWritten>[]> {
    const work = (tx: Transaction) => new UpsertGroup(tx, this.tools).run(writes);
    return checkOnly ? this.database.tryOut(work) : this.database.withTransaction(work);
  }

  /** Somebody who logs in by the email that the file changes: identity has to agree, and so they go alone. */
  private async changeLogin({ newUserId, externalId, patch }: Request['users'][number], { realmId, checkOnly, actor }: Pick<Request, 'realmId' | 'checkOnly' | 'actor'>, context: CallContext): Promise<Result> {
    try {
      const request = { realmId, newUserId, externalId, patch, asAddressed: false, recreateErased: false, mayChangeEmail: true, mayConvert: true, mayTakeExternalId: true, onlyExisting: false, touched: [], checkOnly, actor };
      await this.upsertUser.execute(request, withoutIdempotency(context));
      return { written: 'updated' };
    } catch (error) {
      if (!isFailure(error) || error.value.kind === 'unavailable') throw error;
      return refusedBy(error);
    }
  }
}

/** Who has the id that was minted for this row was made by it, be it now or when the batch was sent before. */
function writtenAs({ userId }: profiles.Profile, { newUserId }: UserWrite): Result {
  return { written: userId === newUserId ? 'created' : 'updated' };
}

export function refusedBy({ value: { code, message, details } }: Failure): { failure: { code: string; message: string; details?: { path: string; message: string }[] } } {
  return { failure: { code, message, ...(details === undefined ? {} : { details: [...details] }) } };
}
