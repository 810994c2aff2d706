import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { toProfile } from './user-record.js';
import { UsersRepository } from './users.repository.js';

/** Reads one user, in one round trip. */
@Injectable()
export class GetUser {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
  ) {}

  async execute({ realmId, user }: RequestOf<typeof profiles.getUser>): Promise<profiles.Profile> {
    const found = await this.users.get(this.database, realmId, user);
    if (found === undefined) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    return toProfile(found.user, found.directory);
  }
}
