import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { MembersRepository } from './members.repository.js';
import { parseRule } from './parse-rule.js';
import { SegmentsRepository } from './segments.repository.js';

/** Users of one transaction: who writes one of them waits no longer than for that. */
const usersAtOnce = 500;
const pollMs = 1_000;
/** How long ago the last look at all users may be for a rule with time in it. */
const oldestSeconds = 900;

/**
 * Looks at all users of a project for a segment that is new or has another rule, and every so often for rules with time in
 * them. Each step is a transaction that holds the segment's row, so that one process works on a segment; how far it came is
 * in that row, so that another one goes on when it dies.
 */
@Injectable()
export class SegmentRuns implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly segments: SegmentsRepository,
    private readonly members: MembersRepository,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.nudge(), pollMs);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** There may be work: begins it, unless it is under way. What is missed is found a second later. */
  nudge(): void {
    if (this.stopping || this.running !== undefined) return;
    this.running = this.execute()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'members of segments could not be computed, trying again'))
      .finally(() => (this.running = undefined));
  }

  /** Works until nothing is left to do. */
  async execute(): Promise<void> {
    await this.segments.beginDue(this.database, oldestSeconds);
    while (!this.stopping && (await this.step())) continue;
  }

  /** @returns false: there was nothing to do */
  private async step(): Promise<boolean> {
    return this.database.withTransaction(async (tx) => {
      const run = await this.segments.takeRun(tx);
      if (run === undefined) return false;
      const until = run.runUntil ?? (await this.segments.startRun(tx, run));
      const users = await this.segments.nextUsers(tx, run.realmId, run.runSeq, until, usersAtOnce);
      const last = users.at(-1);
      if (last !== undefined) {
        const userIds = users.map(({ userId }) => userId);
        await this.members.lockUsers(tx, run.realmId, userIds);
        await this.members.evaluate(tx, run.realmId, run.segmentId, parseRule(run.rule), userIds);
        await this.segments.advance(tx, run, last.seq, users.length);
      }
      if (users.length < usersAtOnce) await this.segments.finish(tx, run);
      return true;
    });
  }
}
