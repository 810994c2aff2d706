import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { RestartSegments } from './restart-segments.js';
import { changedFacts } from './rule.js';
import { TouchedUsers } from './touched-users.js';

/**
 * Decides anew which segments users are in when they changed, did something, or are to be erased. That is done before the
 * event counts as handled, and doing it again does no harm: so nothing is noted of the event.
 */
@Injectable()
export class FollowUsers {
  constructor(consumers: EventConsumers, touched: TouchedUsers, restart: RestartSegments) {
    consumers.on('segments', profiles.userChanged, ({ data: { realmId, userId, created, facts } }) => touched.decide(realmId, [userId], created ? 'anything' : changedFacts(facts)));
    consumers.on('segments', profiles.eventsTracked, ({ data: { realmId, userIds } }) => touched.decide(realmId, userIds, changedFacts(['events'])));
    consumers.on('segments', profiles.usersSeen, ({ data: { realmId, userIds } }) => touched.decide(realmId, userIds, changedFacts(['firstSeenAt', 'lastSeenAt'])));
    consumers.on('segments', profiles.usersHidden, ({ data: { realmId, userIds } }) => touched.decide(realmId, userIds, 'anything'));
    // Users are not told of one by one when the values of a field are gone, or have all taken another form.
    for (const eventType of [profiles.fieldRemoved, profiles.fieldConverted] as const) {
      consumers.on('segments', eventType, ({ data: { realmId, name } }, commit) => commit((tx) => restart.within(tx, realmId, [`attributes.${name}`])));
    }
  }
}
