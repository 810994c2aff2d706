import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { ActivityEventsRepository } from '../activity/activity-events.repository.js';
import { AddressedUsers, type LockedUser } from '../users/addressed-users.js';
import { isAgreed, type EmailAgreement } from '../users/email-agreement.js';
import { toProfile } from '../users/user-record.js';
import { AliasesRepository } from './aliases.repository.js';
import { mergeRecords } from './merge-records.js';
import { MergedUsersRepository } from './merged-users.repository.js';
import { TakeOver } from './take-over.js';

export type Merge = RequestOf<typeof profiles.mergeUsers>;
export type DoneMerge = ResponseOf<typeof profiles.mergeUsers>;
/** `askIdentity`: nothing was written, because the destination logs in and gains an email, and identity has yet to agree. */
export type Merged = DoneMerge | { askIdentity: EmailAgreement };

const { profilesErrors } = profiles;

/** Decides on a merge and writes it, in a transaction. */
@Injectable()
export class MergeStep {
  constructor(
    private readonly addressed: AddressedUsers,
    private readonly merged: MergedUsersRepository,
    private readonly takeOver: TakeOver,
    private readonly activityEvents: ActivityEventsRepository,
    private readonly aliases: AliasesRepository,
  ) {}

  /** @param agreed what identity said when it was asked because of this merge */
  async execute(tx: Transaction, request: Merge, context: CallContext, agreed: EmailAgreement | undefined): Promise<Merged> {
    const { realmId } = request;
    await this.merged.keepFields(tx, realmId);
    let ids = await this.findBoth(tx, request);
    let locked = await this.lockBoth(tx, realmId, ids);
    // One of them was merged while we waited: their name means somebody else now.
    if (locked.size < 2) locked = await this.lockBoth(tx, realmId, (ids = await this.findBoth(tx, request)));
    if (ids.source === ids.destination) return this.alreadyMerged(tx, request, ids.destination);
    const [source, destination] = [await this.present(tx, locked, request, 'source', ids.source), await this.present(tx, locked, request, 'destination', ids.destination)];
    const { canLogIn, userName, roles } = source.directory;
    if (canLogIn || userName !== null || roles.length > 0) {
      throw profilesErrors.failure('merge-source-logs-in', 'The source logs in or holds a role, which can\'t be handed on: merge the other way round.');
    }
    const { user, facts } = mergeRecords(source.user, destination.user);
    const wanted = { userId: user.userId, email: user.email, loginVersion: destination.directory.loginVersion };
    if (facts.includes('email') && user.email !== null && destination.directory.canLogIn && !isAgreed(agreed, wanted)) return { askIdentity: wanted };
    await this.takeOver.execute(tx, request, { source: toProfile(source.user, source.directory), user, facts, at: destination.at }, context);
    // A look at all users may have been at the destination already, and will not be at the source's events there.
    const run = await this.activityEvents.underWay(tx, realmId);
    if (run !== undefined) await this.activityEvents.fill(tx, run, [user.userId]);
    const after = (await this.addressed.lock(tx, realmId, [user.userId])).get(user.userId);
    if (after === undefined) throw new Error('a locked user was gone');
    return { user: toProfile(after.user, after.directory), erasureId: request.erasureId, erased: source.user.userId };
  }

  /** The destination of a merge that was made, or whom that was merged into since. */
  async again(tx: Transaction, request: Merge, userId: string): Promise<DoneMerge> {
    const found = (await this.addressed.findAndLock(tx, request.realmId, { userId })) ?? (await this.addressed.findAndLock(tx, request.realmId, request.destination));
    if (found === undefined) throw await this.absence(tx, request, 'destination');
    return this.done(tx, request, toProfile(found.user, found.directory));
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
  private async alreadyMerged(tx: Transaction, request: Merge, userId: string): Promise<DoneMerge> {
    const found = (await this.addressed.lock(tx, request.realmId, [userId])).get(userId);
    if (found === undefined) throw await this.absence(tx, request, 'destination');
    const user = toProfile(found.user, found.directory);
    const isHimself = 'userId' in request.source || request.source.uid === user.uid || (user.externalId === null && request.source.uid.toLowerCase() === user.uid.toLowerCase());
    if (isHimself) throw profilesErrors.failure('merge-same-user', 'Source and destination are the same user.');
    return this.done(tx, request, user);
  }

  private async done(tx: Transaction, { realmId, source }: Merge, user: profiles.Profile): Promise<DoneMerge> {
    return { user, erasureId: 'uid' in source ? await this.aliases.erasureOf(tx, realmId, source.uid) : null };
  }
}
