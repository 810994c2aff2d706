import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, sql } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

const hasUsers = sql('realms.has-users', 'SELECT EXISTS (SELECT FROM users WHERE realm_id = $1 AND hidden_by IS NULL) AS "hasUsers"');

@Injectable()
export class RealmMessages {
  constructor(private readonly database: Database) {}

  @Handles(profiles.describeRealm)
  async describe(...[{ realmId }]: HandlerArguments<typeof profiles.describeRealm>) {
    const [row] = await this.database.query<{ hasUsers: boolean }>(hasUsers, [realmId]);
    return row!;
  }
}
