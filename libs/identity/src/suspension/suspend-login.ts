import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database, sql } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { sessionsRepository } from '../sessions/sessions.repository.js';

const suspend = sql('logins.suspend', 'UPDATE logins SET suspended = $3 WHERE realm_id = $1 AND user_id = $2 AND suspended <> $3');

@Injectable()
export class SuspendLogin {
  constructor(private readonly database: Database) {}

  async execute({ realmId, userId, suspended }: RequestOf<typeof identity.suspendLogin>): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      // First the row: a login that is under way waits for it, and finds it suspended.
      await tx.execute(suspend, [realmId, userId, suspended]);
      if (suspended) await sessionsRepository.endOfUsers(tx, realmId, [userId], 'deleted');
    });
  }
}
