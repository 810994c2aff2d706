import { Injectable } from '@nestjs/common';
import { identity, staffRealmId } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { loginsRepository } from '../login/logins.repository.js';
import { SessionStarter, type PreparedSession } from '../sessions/session-starter.js';

/** Begins the session of somebody whom a provider vouched for. */
@Injectable()
export class StartSsoSession {
  constructor(
    private readonly database: Database,
    private readonly starter: SessionStarter,
  ) {}

  /** @throws Failure `user-inactive`, also while saving, for one who was closed meanwhile */
  async prepare(userId: string, from: { address: string | null; userAgent: string | null }): Promise<PreparedSession> {
    const login = await loginsRepository.find(this.database, staffRealmId, userId);
    if (login?.status !== 'active' || !login.isActive) throw userInactive();
    const session = this.starter.prepare({ realmId: staffRealmId, userId, ...from });
    return {
      ...session,
      save: async (tx: Transaction) => {
        if (!(await loginsRepository.recordLogin(tx, staffRealmId, login, null))) throw userInactive();
        await session.save(tx);
      },
    };
  }
}

export function userInactive() {
  return identity.identityErrors.failure('user-inactive', 'The user is inactive.');
}
