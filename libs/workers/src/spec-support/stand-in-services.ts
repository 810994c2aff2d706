import { Injectable } from '@nestjs/common';
import { auditSources, identity, membership, profiles, type AuditEntry, type TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

export type ServiceName = 'profiles' | 'identity' | 'membership';

type Verb = 'hide' | 'erase' | 'count' | 'audit';

interface StandInUser {
  userId: string;
  uid: string;
  /** Of staff: where they belong. */
  organisationIds?: string[];
  /** Set once the user is hidden. */
  erasureId?: string;
  /** Where the user is hidden, and where something about them is left. */
  hiddenIn: Set<ServiceName>;
  heldBy: Set<ServiceName>;
}

const tables: Record<ServiceName, string> = { profiles: 'users', identity: 'logins', membership: 'members' };

/** Answers what erasing asks of the other services, from memory, with events as real as theirs. The end-to-end specs have the real ones. */
@Injectable()
export class StandInServices {
  users: StandInUser[] = [];
  /** Services that don't answer (`identity`), or not to one kind of call (`identity.erase`). */
  readonly away = new Set<ServiceName | `${ServiceName}.${Verb}`>();
  /** Services that take one kind of call and don't come to an end of it. */
  readonly hanging = new Set<`${ServiceName}.${Verb}`>();
  private readonly hung: (() => void)[] = [];
  /** Services that commit what they are asked, and whose answer then gets lost. */
  readonly mute = new Set<ServiceName>();
  /** Services that say they have erased and have not. */
  readonly forgetful = new Set<ServiceName>();
  /** Whether profiles' event of a hiding goes out. */
  eventsFlow = true;
  readonly calls: string[] = [];

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  add(userId: string, uid: string): string {
    this.users.push({ userId, uid, hiddenIn: new Set(), heldBy: new Set<ServiceName>(['profiles', 'identity', 'membership']) });
    return userId;
  }

  user(userId: string): StandInUser {
    const user = this.users.find((one) => one.userId === userId);
    if (user === undefined) throw new Error(`no user ${userId}`);
    return user;
  }

  @Handles(profiles.hideUsers)
  async hideUsers(...[{ realmId, erasureId, users, requestedBy }, context]: HandlerArguments<typeof profiles.hideUsers>) {
    return this.answer('profiles', 'hide', async () => {
      const asked = users.map((address) => this.users.find((user) => ('uid' in address ? user.uid === address.uid : user.userId === address.userId)));
      const found = asked.filter((user) => user !== undefined && (user.erasureId ?? erasureId) === erasureId) as StandInUser[];
      const fresh = found.filter((user) => user.erasureId === undefined);
      for (const user of fresh) {
        user.erasureId = erasureId;
        user.hiddenIn.add('profiles');
      }
      const userIds = fresh.map(({ userId }) => userId);
      if (userIds.length > 0 && this.eventsFlow) await this.publishHidden(realmId, erasureId, userIds, requestedBy, context.requestId);
      return { userIds: asked.map((user) => (user !== undefined && found.includes(user) ? user.userId : null)) };
    });
  }

  /** Ends calls that hang, so that nothing waits for them. */
  letGo(): void {
    for (const letGo of this.hung.splice(0)) letGo();
  }

  async publishHidden(realmId: string, erasureId: string, userIds: string[], requestedBy: string, requestId = 'spec'): Promise<void> {
    await this.database.withTransaction((tx) => this.outbox.append(tx, { requestId }, event(profiles.usersHidden, { realmId, erasureId, userIds, requestedBy })));
  }

  /** How many events of an erasure every consumer is done with. */
  async publishedOf(erasureId: string): Promise<number> {
    return (await this.database.query(`SELECT FROM outbox WHERE data->>'erasureId' = $1 AND published_at IS NOT NULL`, [erasureId])).length;
  }

  @Handles(identity.hideLogins)
  async hideLogins(...[{ userIds }]: HandlerArguments<typeof identity.hideLogins>) {
    return this.hide('identity', userIds);
  }

  @Handles(membership.hideMembers)
  async hideMembers(...[{ userIds }]: HandlerArguments<typeof membership.hideMembers>) {
    return { ...(await this.hide('membership', userIds)), organisationIds: [...new Set(userIds.flatMap((userId) => this.user(userId).organisationIds ?? []))] };
  }

  @Handles(profiles.eraseProfile)
  async eraseProfile(...[{ userIds }]: HandlerArguments<typeof profiles.eraseProfile>) {
    return this.erase('profiles', userIds);
  }

  @Handles(identity.eraseLogins)
  async eraseLogins(...[{ userIds }]: HandlerArguments<typeof identity.eraseLogins>) {
    return this.erase('identity', userIds);
  }

  @Handles(membership.eraseMembers)
  async eraseMembers(...[{ userIds }]: HandlerArguments<typeof membership.eraseMembers>) {
    return this.erase('membership', userIds);
  }

  @Handles(profiles.countProfileRemains)
  async countProfileRemains(...[{ userIds }]: HandlerArguments<typeof profiles.countProfileRemains>) {
    return this.countRemains('profiles', userIds);
  }

  @Handles(identity.countLoginRemains)
  async countLoginRemains(...[{ userIds }]: HandlerArguments<typeof identity.countLoginRemains>) {
    return this.countRemains('identity', userIds);
  }

  @Handles(membership.countMemberRemains)
  async countMemberRemains(...[{ userIds }]: HandlerArguments<typeof membership.countMemberRemains>) {
    return this.countRemains('membership', userIds);
  }

  /** What a service has written and nobody has settled. */
  readonly entries: Record<ServiceName, AuditEntry[]> = { profiles: [], identity: [], membership: [] };

  @Handles(auditSources.profiles.pending)
  async pendingInProfiles(...[{ limit }]: HandlerArguments<typeof auditSources.profiles.pending>) {
    return this.pending('profiles', limit);
  }

  @Handles(auditSources.identity.pending)
  async pendingInIdentity(...[{ limit }]: HandlerArguments<typeof auditSources.identity.pending>) {
    return this.pending('identity', limit);
  }

  @Handles(auditSources.membership.pending)
  async pendingInMembership(...[{ limit }]: HandlerArguments<typeof auditSources.membership.pending>) {
    return this.pending('membership', limit);
  }

  @Handles(auditSources.profiles.settle)
  async settleInProfiles(...[{ entryIds }]: HandlerArguments<typeof auditSources.profiles.settle>) {
    return this.settle('profiles', entryIds);
  }

  @Handles(auditSources.identity.settle)
  async settleInIdentity(...[{ entryIds }]: HandlerArguments<typeof auditSources.identity.settle>) {
    return this.settle('identity', entryIds);
  }

  @Handles(auditSources.membership.settle)
  async settleInMembership(...[{ entryIds }]: HandlerArguments<typeof auditSources.membership.settle>) {
    return this.settle('membership', entryIds);
  }

  private async pending(service: ServiceName, limit: number) {
    if (this.away.has(service) || this.away.has(`${service}.audit`)) throw platformErrors.failure('service-unavailable', `The ${service} service is not running.`);
    return { entries: this.entries[service].slice(0, limit) };
  }

  private async settle(service: ServiceName, entryIds: string[]) {
    // As if the worker had died after its commit: the service is never told.
    if (this.mute.has(service)) throw platformErrors.failure('service-unavailable', `The ${service} service did not answer in time.`);
    this.entries[service] = this.entries[service].filter(({ entryId }) => !entryIds.includes(entryId));
    return {};
  }

  private async hide(service: ServiceName, userIds: string[]): Promise<{ hidden: number }> {
    return this.answer(service, 'hide', async () => {
      for (const userId of userIds) this.user(userId).hiddenIn.add(service);
      return { hidden: userIds.length };
    });
  }

  private async erase(service: ServiceName, userIds: string[]): Promise<{ erased: TableCounts }> {
    return this.answer(service, 'erase', async () => {
      const held = userIds.filter((userId) => this.user(userId).heldBy.has(service));
      if (!this.forgetful.has(service)) for (const userId of held) this.user(userId).heldBy.delete(service);
      return { erased: { [tables[service]]: held.length } };
    });
  }

  private async countRemains(service: ServiceName, userIds: string[]): Promise<{ remains: TableCounts }> {
    return this.answer(service, 'count', async () => ({ remains: { [tables[service]]: userIds.filter((userId) => this.user(userId).heldBy.has(service)).length } }));
  }

  private async answer<T>(service: ServiceName, verb: Verb, work: () => Promise<T>): Promise<T> {
    this.calls.push(`${service}.${verb}`);
    if (this.away.has(service) || this.away.has(`${service}.${verb}`)) throw platformErrors.failure('service-unavailable', `The ${service} service is not running.`);
    if (this.hanging.has(`${service}.${verb}`)) {
      await new Promise<void>((letGo) => this.hung.push(letGo));
      throw new Error('the caller is gone');
    }
    const answer = await work();
    if (this.mute.has(service)) throw platformErrors.failure('service-unavailable', `The ${service} service did not answer in time.`);
    return answer;
  }
}
