import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database, type Transaction } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { NudgedWork } from '#libs/platform/upkeep';
import { MembersRepository } from './members.repository.js';
import { parseStoredRule } from './parse-rule.js';
import { RemoveSegment } from './remove-segment.js';
import { SegmentsRepository, type SegmentRun } from './segments.repository.js';

/** Users of one transaction: who writes one of them waits no longer than for that. */
const usersAtOnce = 1_000;
/** Segments that are looked at together. */
const segmentsAtOnce = 20;
/** How long ago the last look at all users may be for a rule with time in it. */
const oldestSeconds = 900;

/**
 * Looks at all users of a project for a segment that is new or has another rule, and every so often for rules with time in
 * them. Each step is a transaction that holds the rows of its segments, so that one process works on a segment; how far it
 * came is in those rows, so that another one goes on when it dies.
 */
@Injectable()
export class SegmentRuns implements BeforeApplicationShutdown {
  private readonly work: NudgedWork;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly segments: SegmentsRepository,
    private readonly members: MembersRepository,
    private readonly removals: RemoveSegment,
    logger: Logger,
  ) {
    this.work = new NudgedWork(() => this.execute(), (error) => logger.warn({ err: error }, 'members of segments could not be computed, trying again'));
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
    await this.removals.finishAll();
    await this.segments.beginDue(this.database, oldestSeconds);
    let done = 0;
    while (!this.stopping && (await this.step())) {
      done += 1;
      if (timeIsUp()) return { done, more: true };
    }
    return { done, more: false };
  }

  /** @returns false: there was nothing to do */
  private async step(): Promise<boolean> {
    let taken: SegmentRun[] = [];
    try {
      return await this.database.withTransaction(async (tx) => {
        taken = await this.segments.takeRuns(tx, segmentsAtOnce);
        await this.go(tx, taken);
        return taken.length > 0;
      });
    } catch (error) {
      // One that fails, as by taking too long, must not keep all others from their turn.
      const [first] = taken;
      if (first !== undefined) await this.segments.postpone(this.database, first.realmId, taken.map(({ segmentId }) => segmentId));
      throw error;
    }
  }

  private async go(tx: Transaction, runs: readonly SegmentRun[]): Promise<void> {
    const [first] = runs;
    if (first === undefined) return;
    const { realmId } = first;
    const segmentIds = runs.map(({ segmentId }) => segmentId);
    const segments = runs.map(({ segmentId, rule }) => ({ segmentId, rule: parseStoredRule(rule) }));
    const until = first.runUntil ?? (await this.segments.startRuns(tx, realmId, segmentIds));
    const { last, users, misplaced } = await this.members.look(tx, realmId, segments, first.runSeq, until, usersAtOnce);
    if (misplaced.length > 0) {
      await this.members.lockUsers(tx, realmId, misplaced);
      await this.members.evaluate(tx, realmId, segments, misplaced);
    }
    if (last !== null) await this.segments.advance(tx, realmId, segmentIds, last, users);
    if (last === null || last >= until) await this.segments.finish(tx, realmId, segmentIds);
  }
}
