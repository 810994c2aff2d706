import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { UsersRepository } from '../users/users.repository.js';
import { DirectoryRepository } from './directory.repository.js';

/**
 * Marks a user as one who logs in, and answers the email as it stands: whoever changes it later asks identity first, and
 * whoever is changing it now is waited for.
 */
@Injectable()
export class BeginLogin {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly directory: DirectoryRepository,
  ) {}

  async execute({ realmId, userId }: RequestOf<typeof profiles.beginLogin>): Promise<ResponseOf<typeof profiles.beginLogin>> {
    return this.database.withTransaction(async (tx) => {
      const [user] = await this.users.lock(tx, [{ realmId, userId }]);
      if (user === undefined) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
      await this.directory.expectLogin(tx, realmId, userId);
      return { email: user.email, externalId: user.externalId };
    });
  }
}
