import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database, Tally } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { keptDays, realmDaysRepository, type RealmDayCounts } from './realm-days.repository.js';

const dayMs = 86_400_000;

/** Counts what users do by day, from what was committed; written every two seconds. */
@Injectable()
export class DayCounts implements BeforeApplicationShutdown {
  private readonly tally: Tally;

  constructor(database: Database, logger: Logger) {
    this.tally = new Tally(
      (sums) => realmDaysRepository.add(database, [...sums].map(([key, [activeUsers = 0, events = 0]]): RealmDayCounts => ({ realmId: key.slice(0, 36), day: key.slice(37), activeUsers, events }))),
      (err) => logger.warn({ err }, 'the figures of the day could not be written yet'),
    );
  }

  add(counts: readonly RealmDayCounts[]): void {
    const oldest = Date.now() - keptDays * dayMs;
    for (const { realmId, day, activeUsers, events } of counts) if (Date.parse(day) > oldest) this.tally.add(`${realmId} ${day}`, [activeUsers, events]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.tally.flush();
  }
}
