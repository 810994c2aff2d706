import { Injectable } from '@nestjs/common';
import { identity, operations, profiles, staffRealmId, systemActor, type MailState } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

interface Person {
  userId: string;
  email: string;
  displayName: string | null;
  password: string | null;
  hasProfile: boolean;
  /** Profiles has a tombstone of them. */
  isErased?: boolean;
}

/** Stands in for what invitations ask of identity, profiles and operations. The end-to-end specs have the real ones. */
@Injectable()
export class PeopleStandIn {
  readonly people = new Map<string, Person>();
  readonly mails = new Map<string, MailState>();
  /** Subjects that are out of reach. */
  readonly away = new Set<string>();
  /** What happens while a password is set. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  private answering(subject: string): void {
    if (this.away.has(subject)) throw platformErrors.failure('service-unavailable', 'It is not running.');
  }

  @Handles(identity.claimLoginEmail)
  async claim(...[{ newUserId, email }]: HandlerArguments<typeof identity.claimLoginEmail>) {
    const present = [...this.people.values()].find((person) => person.email.toLowerCase() === email.toLowerCase());
    if (present !== undefined) return { userId: present.userId };
    this.people.set(newUserId, { userId: newUserId, email, displayName: null, password: null, hasProfile: false });
    return { userId: newUserId };
  }

  @Handles(identity.describeLogins)
  async describe(...[{ userIds }]: HandlerArguments<typeof identity.describeLogins>) {
    const users = userIds.flatMap((userId) => this.people.get(userId) ?? []);
    return { users: users.map(({ userId, email, password }) => ({ userId, version: 1, userName: null, loginEmail: email, isActive: true, canLogIn: password !== null })) };
  }

  @Handles(identity.setPassword)
  async setPassword(...[{ userId, password, onlyFirst }]: HandlerArguments<typeof identity.setPassword>) {
    this.answering('identity.setPassword');
    const person = this.people.get(userId)!;
    if (!onlyFirst || person.password === null) person.password = password;
    await this.meanwhile();
    return {};
  }

  @Handles(identity.suspendLogin)
  async suspend() {
    return {};
  }

  @Handles(profiles.getUser)
  async getUser(...[{ user }]: HandlerArguments<typeof profiles.getUser>) {
    const person = 'userId' in user ? this.people.get(user.userId) : undefined;
    if (person === undefined || !person.hasProfile) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    return profileOf(person);
  }

  @Handles(profiles.upsertUser)
  async upsert(...[{ newUserId, patch }]: HandlerArguments<typeof profiles.upsertUser>) {
    this.answering('profiles.upsertUser');
    const person = this.people.get(newUserId)!;
    if (person.isErased === true) throw profiles.profilesErrors.failure('user-erased', 'This user was erased.');
    const created = !person.hasProfile;
    person.hasProfile = true;
    if (patch.displayName !== undefined) person.displayName = patch.displayName;
    return { user: profileOf(person), created };
  }

  @Handles(operations.describeMails)
  async describeMails(...[{ mailIds }]: HandlerArguments<typeof operations.describeMails>) {
    this.answering('operations.describeMails');
    return { mails: mailIds.flatMap((mailId) => (this.mails.has(mailId) ? [{ mailId, state: this.mails.get(mailId)!, finishedAt: null }] : [])) };
  }
}

function profileOf({ userId, email, displayName }: Person): profiles.Profile {
  const at = new Date(0).toISOString();
  return {
    userId, realmId: staffRealmId, externalId: null, uid: email, displayName, firstName: null, lastName: null, email, phone: null, notes: null, city: null, country: null, region: null, timezone: null,
    preferences: {}, preferencesUpdatedAt: null, attributes: {}, devices: [], isAccount: false, accounts: [], lists: [], segments: [], activity: {}, firstSeenAt: null, lastSeenAt: null,
    createdAt: at, createdBy: systemActor.id, modifiedAt: at, modifiedBy: systemActor.id, version: 1, userName: null, isActive: true, roles: [],
  };
}
