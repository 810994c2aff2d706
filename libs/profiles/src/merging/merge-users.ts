import { Injectable } from '@nestjs/common';
import { identity, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors } from '#libs/platform/errors';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { MergeStep, type Merge, type Merged } from './merge-step.js';

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

  async execute(request: Merge, context: CallContext): Promise<profiles.Profile> {
    let agreedFor: string | undefined;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const merged = await this.database.withTransaction((tx) =>
        this.idempotency.once(tx, context, {
          work: (): Promise<Merged> => this.step.execute(tx, request, context, agreedFor),
          refer: (result) => ('user' in result ? { userId: result.user.userId } : undefined),
          again: async ({ userId }) => ({ user: await this.step.again(tx, request, userId) }),
        }),
      );
      if ('user' in merged) return merged.user;
      const { userId, email } = merged.askIdentity;
      await this.rpc.call(identity.changeLoginEmail, { realmId: request.realmId, userId, email }, context).catch((error: unknown) => {
        throw isFailure(error, 'email-taken') ? profilesErrors.failure('email-taken', 'Another user of the project logs in by the email that the destination would gain.', { cause: error }) : error;
      });
      agreedFor = userId;
    }
    throw platformErrors.failure('service-unavailable', 'The users changed faster than identity could be asked.', { retryAfter: 1 });
  }

  private async merge(tx: Transaction, request: Merge, context: CallContext, agreedFor: string | undefined): Promise<Merged> {
    const { realmId } = request;
    await this.merged.keepFields(tx, realmId);
    let ids = await this.findBoth(tx, request);
    let locked = await this.lockBoth(tx, realmId, ids);
    // One of them was merged while we waited: their name means somebody else now.
    if (locked.size < 2) locked = await this.lockBoth(tx, realmId, (ids = await this.findBoth(tx, request)));
    if (ids.source === ids.destination) return { user: await this.alreadyMerged(tx, request, ids.destination) };
    const [source, destination] = [await this.present(tx, locked, request, 'source', ids.source), await this.present(tx, locked, request, 'destination', ids.destination)];
    const { canLogIn, userName, roles } = source.directory;
    if (canLogIn || userName !== null || roles.length > 0) {
      throw profilesErrors.failure('merge-source-logs-in', 'The source logs in or holds a role, which can\'t be handed on: merge the other way round.');
    }
    const { user, facts } = mergeRecords(source.user, destination.user);
    if (facts.includes('email') && user.email !== null && destination.directory.canLogIn && agreedFor !== user.userId) return { askIdentity: { userId: user.userId, email: user.email } };
    await this.takeOver.execute(tx, request, { source: toProfile(source.user, source.directory), user, facts, at: destination.at }, context);
    // A look at all users may have been at the destination already, and will not be at the source's events there.
    const run = await this.activityEvents.underWay(tx, realmId);
    if (run !== undefined) await this.activityEvents.fill(tx, run, [user.userId]);
    const after = (await this.addressed.lock(tx, realmId, [user.userId])).get(user.userId);
    if (after === undefined) throw new Error('a locked user was gone');
    return { user: toProfile(after.user, after.directory) };
  }

  private async findBoth(tx: Transaction, request: Merge): Promise<{ source: string; destination: string }> {
    return { source: await this.find(tx, request, 'source'), destination: await this.find(tx, request, 'destination') };
  }

  private async lockBoth(tx: Transaction, realmId: string, { source, destination }: { source: string; destination: string }): Promise<Map<string, LockedUser>> {
    await this.merged.lock(tx, realmId, [source, destination]);
    return this.addressed.lock(tx, realmId, [source, destination]);
  }

  private async find(tx: Transaction, request: Merge, side: 'source' | 'destination'): Promise<string> {
    const userId = await this.addressed.find(tx, request.realmId, request[side]);
    if (userId === undefined) throw await this.absence(tx, request, side);
    return userId;
  }

  private async present(tx: Transaction, locked: ReadonlyMap<string, LockedUser>, request: Merge, side: 'source' | 'destination', userId: string): Promise<LockedUser> {
    const user = locked.get(userId);
    if (user === undefined) throw await this.absence(tx, request, side);
    return user;
  }

  private async absence(tx: Transaction, request: Merge, side: 'source' | 'destination') {
    const { code, message } = (await this.addressed.absence(tx, request.realmId, request[side])).value;
    return profilesErrors.failure(code as 'user-not-found' | 'user-erased', message, { details: [{ path: side, message }] });
  }

  /** Asked again, the source's uid means the destination already. Somebody named twice is a mistake. */
  private async alreadyMerged(tx: Transaction, request: Merge, userId: string): Promise<profiles.Profile> {
    const found = (await this.addressed.lock(tx, request.realmId, [userId])).get(userId);
    if (found === undefined) throw await this.absence(tx, request, 'destination');
    const user = toProfile(found.user, found.directory);
    const isHimself = 'userId' in request.source || request.source.uid === user.uid || (user.externalId === null && request.source.uid.toLowerCase() === user.uid.toLowerCase());
    if (isHimself) throw profilesErrors.failure('merge-same-user', 'Source and destination are the same user.');
    return user;
  }
}
