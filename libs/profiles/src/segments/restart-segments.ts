import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/platform/database';
import { parseStoredRule } from './parse-rule.js';
import { changedFacts, isTouched } from './rule.js';
import { SegmentRuns } from './segment-runs.js';
import { SegmentsRepository } from './segments.repository.js';

/** Has all users of a realm looked at anew after a change of which they were not told one by one. */
@Injectable()
export class RestartSegments {
  constructor(
    private readonly segments: SegmentsRepository,
    private readonly runs: SegmentRuns,
  ) {}

  /**
   * @param tx that of the change
   * @param facts names of what changed of users: segments whose rules don't ask for it stay as they are
   */
  async within(tx: Transaction, realmId: string, facts: readonly string[]): Promise<void> {
    const changed = changedFacts(facts);
    const asking = (await this.segments.rules(tx, realmId)).filter(({ rule }) => isTouched(parseStoredRule(rule), changed));
    if (asking.length === 0) return;
    await this.segments.beginAgain(tx, realmId, asking.map(({ segmentId }) => segmentId));
    tx.afterCommit(() => this.runs.nudge());
  }
}
