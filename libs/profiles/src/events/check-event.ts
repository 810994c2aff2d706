import { isStorable, profiles } from '#libs/contracts';
import { mistakesSentence, type FailureDetail } from '#libs/platform/errors';
import type { RequestOf } from '#libs/platform/messages';
import { jsonBytes, storableTime, unstorableDetail } from '../database/storable.js';

export type GivenEvent = RequestOf<typeof profiles.trackEvent>['event'];

/**
 * Refuses what can be refused without looking at the user, and gives the time the form it is kept in.
 * @throws Failure `invalid-event` with every mistake: `event`, `properties.price`, `timestamp`
 */
export function checkEvent(event: GivenEvent): GivenEvent {
  const details: FailureDetail[] = [];
  if (!isStorable(event.id)) details.push(unstorableDetail('id'));
  if (!isStorable(event.event)) details.push(unstorableDetail('event'));
  if (typeof event.value === 'string' && !isStorable(event.value)) details.push(unstorableDetail('value'));
  for (const [key, value] of Object.entries(event.properties)) {
    if (!isStorable(key) || (typeof value === 'string' && !isStorable(value))) details.push(unstorableDetail(`properties.${key}`));
  }
  const timestamp = event.timestamp === undefined ? undefined : storableTime(event.timestamp);
  if (event.timestamp !== undefined && timestamp === undefined) details.push({ path: 'timestamp', message: 'must be a time in the years 1 to 9999' });
  const bytes = jsonBytes(event);
  if (bytes > profiles.profileLimits.eventBytes) details.push({ path: '', message: `an event may take at most ${profiles.profileLimits.eventBytes} bytes as JSON, and this one takes ${bytes}` });
  if (details.length > 0) throw invalidEvent(details);
  return timestamp === event.timestamp ? event : { ...event, timestamp };
}

export function invalidEvent(details: FailureDetail[]) {
  return profiles.profilesErrors.failure('invalid-event', mistakesSentence(details, 'The event:'), { details });
}
