import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { isFailure, mistakesSentence } from '#libs/platform/errors';

/** The body that names the events to mark, on both surfaces that have one: an array of names. */
export const activityEventNames = z
  .array(z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(256, 'must not be longer than 256 characters'), { error: 'must be an array of names of events' })
  .max(profiles.mostActivityEvents, `must not name more than ${profiles.mostActivityEvents} events`);

/** Places in a body that is a list: `events[1]` is `[1]`. */
export function withListPaths(error: unknown): never {
  if (!isFailure(error) || (error.value.code !== 'invalid-activity-event' && error.value.code !== 'activity-field-taken')) throw error;
  const { code, message } = error.value;
  const details = (error.value.details ?? []).map((detail) => ({ ...detail, path: detail.path.replace(/^events/, '') }));
  throw profiles.profilesErrors.failure(code, code === 'invalid-activity-event' ? mistakesSentence(details, 'The events') : message, { details });
}
