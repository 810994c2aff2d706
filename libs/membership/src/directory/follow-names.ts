import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { profiles, staffRealmId } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import { Logger } from '#libs/platform/logging';
import { DirectoryRepository } from './directory.repository.js';
import { RefreshDirectory } from './refresh-directory.js';

const everyMs = 30_000;

/** Repairs our copy of names where a change did not reach us within the request that made it. */
@Injectable()
export class FollowNames implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    consumers: EventConsumers,
    private readonly database: Database,
    private readonly directory: DirectoryRepository,
    private readonly refreshDirectory: RefreshDirectory,
    private readonly logger: Logger,
  ) {
    consumers.on('directory', profiles.userChanged, async ({ data: { realmId, userId, version }, requestId }, commit) => {
      if (realmId !== staffRealmId) return;
      const known = await directory.version(database, userId);
      if (known === undefined || (known !== null && known >= version)) return;
      const people = await refreshDirectory.ask([userId], { requestId });
      await commit((tx) => directory.apply(tx, people));
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.sweep().catch((error: unknown) => this.logger.warn({ err: error }, 'names that are missing could not be asked for, trying again'));
    }, everyMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Those who were given a role while profiles was away. */
  async sweep(): Promise<void> {
    const missing = await this.directory.missing(this.database);
    if (missing.length > 0) await this.refreshDirectory.refresh(missing, { requestId: 'directory-sweep' });
  }
}
