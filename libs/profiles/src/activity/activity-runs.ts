import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { NudgedWork } from '#libs/platform/upkeep';
import { ActivityEventsRepository } from './activity-events.repository.js';

/** Users of one transaction: who writes one of them waits no longer than for that. */
const usersAtOnce = 500;

/**
 * Looks at all users of a project when events were marked, or are no longer. Each step is a transaction; how far it came is
 * written down in it, so that another process goes on when this one dies.
 */
@Injectable()
export class ActivityRuns implements BeforeApplicationShutdown {
  private readonly work: NudgedWork;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly events: ActivityEventsRepository,
    logger: Logger,
  ) {
    this.work = new NudgedWork(() => this.execute(), (error) => logger.warn({ err: error }, 'activity fields could not be computed, trying again'));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.work.stop();
  }

  /** There may be work. What another process missed is found soon after, by a schedule of the workers. */
  nudge(): void {
    this.work.nudge();
  }

  /** Works until nothing is left to do, or the time is up. */
  async execute(timeIsUp: () => boolean = () => false): Promise<{ done: number; more: boolean }> {
    let done = 0;
    while (!this.stopping && (await this.step())) {
      done += 1;
      if (timeIsUp()) return { done, more: true };
    }
    return { done, more: false };
  }

  /** @returns false: there was nothing to do */
  private async step(): Promise<boolean> {
    return this.database.withTransaction(async (tx) => {
      const realmId = await this.events.take(tx);
      const run = realmId === undefined ? undefined : await this.events.underWay(tx, realmId);
      if (realmId === undefined || run === undefined) return false;
      // Who comes after the mark has their events counted as they come.
      const until = run.runUntil ?? (await this.events.lastSeq(tx, realmId));
      const users = await this.events.nextUsers(tx, realmId, run.runSeq, until, usersAtOnce);
      const last = users.at(-1);
      if (last !== undefined) {
        await this.events.fill(tx, run, users.map(({ userId }) => userId));
        await this.events.advance(tx, realmId, last.seq, until);
      }
      if (users.length < usersAtOnce) await this.events.finish(tx, realmId);
      return true;
    });
  }
}
