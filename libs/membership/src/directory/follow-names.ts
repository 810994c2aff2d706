import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId } from '#libs/contracts';
import { askedTogether, Database } from '#libs/platform/database';
import { EventConsumers, type EventHandler } from '#libs/platform/events';
import { DirectoryRepository } from './directory.repository.js';
import { RefreshDirectory } from './refresh-directory.js';

/** Repairs our copy of names where a change did not reach us within the request that made it. */
@Injectable()
export class FollowNames {
  constructor(
    consumers: EventConsumers,
    private readonly database: Database,
    private readonly directory: DirectoryRepository,
    private readonly refreshDirectory: RefreshDirectory,
  ) {
    const versionOf = askedTogether((userIds: readonly string[]) => directory.versions(database, userIds));
    const follow: EventHandler<typeof profiles.userChanged> = async ({ data: { userId, version }, requestId }, commit) => {
      const known = await versionOf(userId);
      if (known === undefined || (known !== null && known >= version)) return;
      const people = await refreshDirectory.ask([userId], { requestId });
      await commit((tx) => directory.apply(tx, people));
    };
    consumers.on('directory', profiles.userChanged, follow, staffRealmId);
  }

  /** Those who were given a role while profiles was away. @returns how many were asked for */
  async sweep(): Promise<number> {
    const missing = await this.directory.missing(this.database);
    if (missing.length > 0) await this.refreshDirectory.refresh(missing, { requestId: 'directory-sweep' });
    return missing.length;
  }
}
