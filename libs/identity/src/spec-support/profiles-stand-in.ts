import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { profileOf } from './profile-of.js';
import { isFailure } from '#libs/platform/errors';
import type { ResponseOf } from '#libs/platform/messages';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

type PushedState = HandlerArguments<typeof profiles.applyLoginState>[0]['users'][number];

/** Answers what identity asks profiles, by the contract. The end-to-end specs have the real one. */
@Injectable()
export class ProfilesStandIn {
  /** Contact emails by user id; nobody else exists. */
  readonly emails = new Map<string, string | null>();
  readonly pushed: PushedState[] = [];
  /** External ids by user id, of those who have one. */
  readonly externalIds = new Map<string, string>();
  readonly createdAt = new Map<string, string>();
  /** Happens after the answer to `beginLogin` was determined and before it is given. */
  meanwhile: (userId: string) => Promise<void> = async () => undefined;
  refusesPushes = false;
  /** Happens before a user is written. */
  beforeWriting: (userId: string) => Promise<void> = async () => undefined;
  /** Happens before users are looked for. */
  beforeFinding: () => Promise<void> = async () => undefined;

  /** Projects of which profiles has rows of users. */
  readonly inhabited = new Set<string>();

  @Handles(profiles.describeRealm)
  async describeRealm(...[{ realmId }]: HandlerArguments<typeof profiles.describeRealm>) {
    return { hasUsers: this.inhabited.has(realmId), holdsUsers: this.inhabited.has(realmId) };
  }

  @Handles(profiles.beginLogin)
  async begin(...[{ userId }]: HandlerArguments<typeof profiles.beginLogin>) {
    const email = this.emails.get(userId);
    if (email === undefined) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    await this.meanwhile(userId);
    return { email, externalId: null };
  }

  @Handles(profiles.getUser)
  async get(...[{ realmId, user }]: HandlerArguments<typeof profiles.getUser>) {
    const userId = 'userId' in user ? user.userId : this.idOf(user.uid);
    if (userId === undefined || !this.emails.has(userId)) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    return this.profile(realmId, userId);
  }

  @Handles(profiles.upsertUser)
  async upsert(...[{ realmId, newUserId, externalId, patch, onlyExisting, checkOnly }]: HandlerArguments<typeof profiles.upsertUser>) {
    const userId = (externalId === undefined ? undefined : this.idOf(externalId)) ?? newUserId;
    const created = !this.emails.has(userId);
    if (created && onlyExisting) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    if (checkOnly) return { user: this.profile(realmId, userId), created };
    await this.beforeWriting(userId);
    this.emails.set(userId, patch.email ?? this.emails.get(userId) ?? null);
    if (externalId !== undefined) this.externalIds.set(userId, externalId);
    if (typeof patch.createdAt === 'string') this.createdAt.set(userId, patch.createdAt);
    return { user: this.profile(realmId, userId), created };
  }

  @Handles(profiles.findUsers)
  async find(...[{ users }]: HandlerArguments<typeof profiles.findUsers>) {
    await this.beforeFinding();
    const ids = users.map((user) => ('userId' in user ? user.userId : this.idOf(user.externalId)));
    return { found: ids.map((userId) => (userId !== undefined && this.emails.has(userId) ? { userId, email: this.emails.get(userId) ?? null } : null)) };
  }

  @Handles(profiles.importUsers)
  async import(...[{ realmId, users, actor }, context]: HandlerArguments<typeof profiles.importUsers>) {
    const results: ResponseOf<typeof profiles.importUsers>['results'] = [];
    for (const { newUserId, externalId, patch } of users) {
      const named = { newUserId, externalId, patch, onlyExisting: externalId === undefined };
      try {
        const { user } = await this.upsert({ realmId, actor, ...named, asAddressed: false, recreateErased: false, mayChangeEmail: true, mayConvert: true, mayTakeExternalId: true, touched: [], checkOnly: false }, context);
        results.push({ userId: user.userId, email: user.email });
        await this.meanwhile(user.userId);
      } catch (error) {
        if (!isFailure(error) || error.value.kind === 'unavailable') throw error;
        results.push({ error: { code: error.value.code, message: error.value.message } });
      }
    }
    return { results };
  }

  private idOf(externalId: string): string | undefined {
    return [...this.externalIds].find(([, one]) => one === externalId)?.[0];
  }

  private profile(realmId: string, userId: string): profiles.Profile {
    return profileOf({ realmId, userId, email: this.emails.get(userId) ?? null, externalId: this.externalIds.get(userId) ?? null, createdAt: this.createdAt.get(userId) });
  }

  @Handles(profiles.applyLoginState)
  async apply(...[{ users }]: HandlerArguments<typeof profiles.applyLoginState>) {
    if (this.refusesPushes) throw new Error('refused by the spec');
    this.pushed.push(...users);
    return { applied: users.length };
  }
}
