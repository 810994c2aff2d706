import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';

/** Attributes that name users, and the users that they name. */
export interface References {
  /** Names of the custom fields of the type `user`. */
  fields: readonly string[];
  /** By id in lower case; who is not there, or at home elsewhere, is missing. */
  users: ReadonlyMap<string, profiles.Profile>;
}

/** Users that the attributes of others name. */
@Injectable()
export class ReferencedUsers {
  constructor(private readonly rpc: RpcClient) {}

  async of(realmId: string, users: readonly profiles.Profile[], requestId: string): Promise<References> {
    const { fields: declared } = await this.rpc.call(profiles.listFields, { realmId }, { requestId });
    const fields = declared.filter(({ type }) => type === 'user').map(({ name }) => name);
    const named = users.flatMap(({ attributes }) => fields.map((field) => attributes[field])).filter((id) => z.uuid().safeParse(id).success);
    let left = [...new Set(named.map((id) => String(id).toLowerCase()))];
    const found = new Map<string, profiles.Profile>();
    while (left.length > 0) {
      const part = left.slice(0, 1_000);
      const answer = await this.rpc.call(profiles.readUsers, { realmId, userIds: part }, { requestId });
      for (const user of answer.users) found.set(user.userId, user);
      left = [...answer.rest, ...left.slice(part.length)];
    }
    return { fields, users: found };
  }
}
