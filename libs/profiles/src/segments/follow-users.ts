import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import { MembersRepository } from './members.repository.js';
import { parseRule } from './parse-rule.js';
import { SegmentRuns } from './segment-runs.js';
import { SegmentsRepository } from './segments.repository.js';

/** Users of one transaction, where an event names more. */
const usersAtOnce = 500;

/** Decides anew which segments users are in when they changed, did something, or are to be erased. */
@Injectable()
export class FollowUsers {
  constructor(
    consumers: EventConsumers,
    private readonly database: Database,
    private readonly segments: SegmentsRepository,
    private readonly members: MembersRepository,
    runs: SegmentRuns,
  ) {
    consumers.on('segments', profiles.userChanged, async ({ data: { realmId, userId } }, commit) => {
      if (await segments.isAny(database, realmId)) await commit((tx) => this.evaluate(tx, realmId, [userId]));
    });
    for (const eventType of [profiles.eventsTracked, profiles.usersSeen, profiles.usersHidden] as const) {
      consumers.on('segments', eventType, async ({ data: { realmId, userIds } }, commit) => {
        if (!(await segments.isAny(database, realmId))) return;
        // All but the last part by themselves: the order does not matter, and doing it again does no harm.
        for (let place = 0; place + usersAtOnce < userIds.length; place += usersAtOnce) {
          await this.database.withTransaction((tx) => this.evaluate(tx, realmId, userIds.slice(place, place + usersAtOnce)));
        }
        await commit((tx) => this.evaluate(tx, realmId, userIds.slice(Math.floor((userIds.length - 1) / usersAtOnce) * usersAtOnce)));
      });
    }
    // Users are not told of one by one when a field and its values go, or take another form.
    for (const eventType of [profiles.fieldRemoved, profiles.fieldsDeclared] as const) {
      consumers.on('segments', eventType, async ({ data: { realmId } }, commit) => {
        await commit(async (tx) => {
          await segments.beginAgain(tx, realmId);
          tx.afterCommit(() => runs.nudge());
        });
      });
    }
  }

  private async evaluate(tx: Transaction, realmId: string, userIds: readonly string[]): Promise<void> {
    const segments = await this.segments.keep(tx, realmId);
    await this.members.lockUsers(tx, realmId, userIds);
    for (const { segmentId, rule } of segments) await this.members.evaluate(tx, realmId, segmentId, parseRule(rule), userIds);
  }
}
