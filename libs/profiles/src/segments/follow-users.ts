import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import { parseRule } from './parse-rule.js';
import { changedFacts, isTouched } from './rule.js';
import { SegmentRuns } from './segment-runs.js';
import { SegmentsRepository } from './segments.repository.js';
import { TouchedUsers } from './touched-users.js';

/**
 * Decides anew which segments users are in when they changed, did something, or are to be erased. That is done before the
 * event counts as handled, and doing it again does no harm: so nothing is noted of the event.
 */
@Injectable()
export class FollowUsers {
  constructor(consumers: EventConsumers, database: Database, segments: SegmentsRepository, touched: TouchedUsers, runs: SegmentRuns) {
    consumers.on('segments', profiles.userChanged, ({ data: { realmId, userId, created, facts } }) => touched.decide(realmId, [userId], created ? 'anything' : changedFacts(facts)));
    consumers.on('segments', profiles.eventsTracked, ({ data: { realmId, userIds } }) => touched.decide(realmId, userIds, changedFacts(['events'])));
    consumers.on('segments', profiles.usersSeen, ({ data: { realmId, userIds } }) => touched.decide(realmId, userIds, changedFacts(['firstSeenAt', 'lastSeenAt'])));
    consumers.on('segments', profiles.usersHidden, ({ data: { realmId, userIds } }) => touched.decide(realmId, userIds, 'anything'));
    // Users are not told of one by one when the values of a field are gone, or have all taken another form.
    for (const eventType of [profiles.fieldRemoved, profiles.fieldConverted] as const) {
      consumers.on('segments', eventType, async ({ data: { realmId, name } }, commit) => {
        const changed = changedFacts([`attributes.${name}`]);
        await commit(async (tx) => {
          const asking = (await segments.rules(tx, realmId)).filter(({ rule }) => isTouched(parseRule(rule), changed));
          if (asking.length === 0) return;
          await segments.beginAgain(tx, realmId, asking.map(({ segmentId }) => segmentId));
          tx.afterCommit(() => runs.nudge());
        });
      });
    }
  }
}
