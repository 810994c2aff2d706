import { Injectable } from '@nestjs/common';
import { identity, profiles, staffRealmId } from '#libs/contracts';
import type { ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

export type LoginState = ResponseOf<typeof identity.describeLogins>['users'][number];

/** A staff member as profiles and identity know them; no login: somebody who can't log in yet. */
export interface Person {
  profile: profiles.Profile;
  login: LoginState | undefined;
}

/** Who staff are: names from profiles, logins from identity. */
@Injectable()
export class People {
  constructor(private readonly rpc: RpcClient) {}

  /** By id; those who are erased, or not at home among staff, are left out. */
  async read(userIds: readonly string[], requestId: string): Promise<Map<string, Person>> {
    if (userIds.length === 0) return new Map();
    const [known, { users: logins }] = await Promise.all([this.profiles(userIds, requestId), this.rpc.call(identity.describeLogins, { realmId: staffRealmId, userIds: [...userIds] }, { requestId })]);
    const loginOf = new Map(logins.map((login) => [login.userId, login]));
    return new Map(known.map((profile) => [profile.userId, { profile, login: loginOf.get(profile.userId) }]));
  }

  private async profiles(userIds: readonly string[], requestId: string): Promise<profiles.Profile[]> {
    const found: profiles.Profile[] = [];
    for (let rest = [...userIds]; rest.length > 0; ) {
      const page = await this.rpc.call(profiles.readUsers, { realmId: staffRealmId, userIds: rest }, { requestId });
      found.push(...page.users);
      rest = page.rest;
    }
    return found;
  }
}
