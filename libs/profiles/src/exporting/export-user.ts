import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId, type exportSources } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, sql, walkRows, type Queryable } from '#libs/platform/database';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { exportedTables } from './exported-tables.js';

const home = sql('users.home', 'SELECT realm_id AS "realmId" FROM users WHERE user_id = $1 AND hidden_by IS NULL');
const isThere = sql('users.is-there', 'SELECT FROM users WHERE realm_id = $1 AND user_id = $2 AND hidden_by IS NULL');
const walks = Object.values(exportedTables);

/** Everything that profiles holds about a user, for those who ask for access to it. */
@Injectable()
export class ExportUser {
  constructor(private readonly database: Database) {}

  /** @throws Failure `user-not-found` */
  async homeOf(userId: string): Promise<string> {
    const [row] = await this.database.query<{ realmId: string }>(home, [userId]);
    if (row === undefined) throw userNotFound();
    return row.realmId;
  }

  /** @throws Failure `user-not-found` */
  async record({ realmId, userId, organisationId, actor }: RequestOf<typeof profiles.recordExport>, context: CallContext): Promise<void> {
    const place = realmId === staffRealmId ? { organisationId } : { projectId: realmId };
    await this.database.withTransaction(async (tx) => {
      await this.mustBeThere(tx, realmId, userId);
      await auditTrail.append(tx, context, { actor, action: 'user.exported', target: { type: 'user', id: userId }, ...place });
    });
  }

  /** An erasure in between ends it: half of what was held is no answer. @throws Failure `user-not-found` */
  async page({ realmId, userId, after }: RequestOf<typeof exportSources.profiles>): Promise<ResponseOf<typeof exportSources.profiles>> {
    const page = await walkRows(this.database, walks, [realmId, userId], after);
    await this.mustBeThere(this.database, realmId, userId);
    return page;
  }

  private async mustBeThere(on: Queryable, realmId: string, userId: string): Promise<void> {
    if ((await on.query(isThere, [realmId, userId])).length === 0) throw userNotFound();
  }
}

function userNotFound() {
  return profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
}
