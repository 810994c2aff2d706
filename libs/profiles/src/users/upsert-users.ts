import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors, type Failure } from '#libs/platform/errors';
import { withoutIdempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { BatchMistakes } from './batch-mistakes.js';
import { changeLoginEmail, checkLoginEmail } from './change-login-email.js';
import { checkPatch } from './check-patch.js';
import type { EmailAgreement } from './email-agreement.js';
import { withShownUids } from './shown-uids.js';
import type { UserWrite } from './user-draft.js';
import { UserWriter } from './user-writer.js';

/** Whose email others change while we ask about it, or who is erased and made again, is asked about anew. */
const attempts = 3;

/** One write of a batch, with its place there. */
interface Item {
  place: number;
  write: UserWrite;
}

/** Whose users they are, and who writes them. */
type Writer = Pick<RequestOf<typeof profiles.upsertUsers>, 'realmId' | 'actor' | 'permissions'>;

/** A login email that has to change first. */
interface EmailChange extends EmailAgreement {
  item: Item;
  before: string | null;
}

/** Creates and updates users, all or none. */
@Injectable()
export class UpsertUsers {
  constructor(
    private readonly writer: UserWriter,
    private readonly rpc: RpcClient,
    private readonly database: Database,
  ) {}

  /**
   * @returns the users in the order of the request; none when they were only checked
   * @throws Failure with every mistake of the batch
   */
  async execute(request: RequestOf<typeof profiles.upsertUsers>, context: CallContext): Promise<profiles.Profile[]> {
    const done: EmailChange[] = [];
    const users = await this.write(request, done, context).catch(async (error: unknown) => {
      await this.takeBack(request.realmId, done, context);
      throw error;
    });
    // A failure from here on takes nothing back: the users are written.
    return withShownUids(this.database, users);
  }

  /** @param done takes the login emails that have changed */
  private async write(request: RequestOf<typeof profiles.upsertUsers>, done: EmailChange[], context: CallContext): Promise<profiles.Profile[]> {
    const mistakes = new BatchMistakes();
    const items = checkItems(request, withoutIdempotency(context), mistakes);
    const commit = !request.checkOnly && !mistakes.some;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const outcomes = await this.writer.writeTogether(items.map(({ write }) => write), commit, context);
      outcomes.forEach((outcome, index) => 'failure' in outcome && mistakes.add(items[index]!.place, outcome.failure));
      const changes = outcomes.flatMap((outcome, index): EmailChange[] => ('answer' in outcome && 'askIdentity' in outcome.answer ? [{ item: items[index]!, ...outcome.answer.askIdentity }] : []));
      if (mistakes.some || request.checkOnly) await this.checkLogins(request, changes, mistakes, context);
      if (mistakes.some) throw mistakes.asFailure();
      if (request.checkOnly) return [];
      const users = outcomes.flatMap((outcome) => ('answer' in outcome && 'user' in outcome.answer ? [outcome.answer.user] : []));
      if (users.length === items.length) return users;
      await this.changeLogins(request, changes, done, mistakes, context);
    }
    throw platformErrors.failure('service-unavailable', 'The users changed faster than identity could be asked.', { retryAfter: 1 });
  }

  /** Changes the emails that users log in by, where they lead. One that is refused refuses the batch. */
  private async changeLogins({ realmId, ...writer }: Writer, changes: readonly EmailChange[], done: EmailChange[], mistakes: BatchMistakes, context: CallContext): Promise<void> {
    for (const change of changes) {
      try {
        const { applied, before } = await changeLoginEmail(this.rpc, { realmId, userId: change.userId, email: change.email }, context, writer);
        // That of the login, where it had one: others may have changed it since the batch was looked at.
        if (applied) done.push({ ...change, before: before ?? change.before });
        change.item.write.agreed = change;
      } catch (error) {
        if (!isOfItem(error)) throw error;
        mistakes.add(change.item.place, error);
      }
    }
    if (mistakes.some) throw mistakes.asFailure();
  }

  /** What identity would say of them, for a batch that is refused or only looked at. */
  private async checkLogins({ realmId, ...writer }: Writer, changes: readonly EmailChange[], mistakes: BatchMistakes, context: CallContext): Promise<void> {
    for (const { item, userId, email } of changes) {
      await checkLoginEmail(this.rpc, { realmId, userId, email }, context, writer).catch((error: unknown) => {
        if (!isFailure(error)) throw error;
        // Where identity can't say, the other mistakes are told all the same.
        if (isOfItem(error)) mistakes.add(item.place, error);
      });
    }
  }

  /** What others have changed since is theirs, and stays. Should this fail too, profiles follows identity in the end: its event says which email holds. */
  private async takeBack(realmId: string, done: readonly EmailChange[], context: CallContext): Promise<void> {
    for (const { userId, email, before } of [...done].reverse()) await changeLoginEmail(this.rpc, { realmId, userId, email: before, onlyFrom: email }, context).catch(() => undefined);
  }
}

/** What identity, or whoever knows what users may do, says of one user. */
function isOfItem(error: unknown): error is Failure {
  return isFailure(error, 'email-taken') || isFailure(error, 'invalid-profile') || isFailure(error, 'login-outranks');
}

function checkItems({ realmId, users, declaredOnly, asAddressed, actor }: RequestOf<typeof profiles.upsertUsers>, context: CallContext, mistakes: BatchMistakes): Item[] {
  return users.flatMap(({ newUserId, externalId, patch, recreateErased }, place): Item[] => {
    // As Postgres writes them: the writer compares ids with those of rows.
    const write = { realmId: realmId.toLowerCase(), newUserId: newUserId.toLowerCase(), externalId, asAddressed, recreateErased, mayChangeEmail: true, declaredOnly, actor, context };
    try {
      return [{ place, write: { ...write, patch: checkPatch(externalId, patch) } }];
    } catch (error) {
      if (!isFailure(error)) throw error;
      mistakes.add(place, error);
      // Looked at all the same, for what only the fields and the stored user tell.
      const wrong = new Set(error.value.details?.map(({ path }) => path));
      if (wrong.has('externalId')) return [];
      return [{ place, write: { ...write, patch: { attributes: Object.fromEntries(Object.entries(patch.attributes ?? {}).filter(([name]) => !wrong.has(`attributes.${name}`))) } } }];
    }
  });
}
