import { profiles } from '#libs/contracts';
import { isFailure, mostMistakes, platformErrors, type Failure, type FailureDetail } from '#libs/platform/errors';

/** What the profile calls one thing and this surface another. */
const fieldNames: Readonly<Record<string, string>> = { displayName: 'name' };

/**
 * A detail in the words of this surface: `users[3].patch.attributes.joined` is its `users[3].profile.joined`.
 * @param places of each user that was sent, its place in the batch
 */
export function inTheseWords({ path, message }: FailureDetail, places: readonly number[]): FailureDetail {
  const [, place, rest] = /^users\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
  if (place === undefined || rest === undefined) return { path, message };
  return { path: [`users[${places[Number(place)]}]`, wordFor(rest)].filter((part) => part !== '').join('.'), message };
}

function wordFor(path: string): string {
  if (path === 'externalId' || path === 'newUserId') return 'id';
  const field = path.replace(/^patch\.?/, '');
  if (field.startsWith('preferences')) return field;
  if (field === 'attributes' || field === '') return 'profile';
  return `profile.${field.startsWith('attributes.') ? field.slice('attributes.'.length) : (fieldNames[field] ?? field)}`;
}

/** Everything that is wrong with a batch, in the order of its items, up to as many as an answer names; the first mistake is in the sentence. */
export function batchRefused(details: readonly FailureDetail[]): Failure {
  // Placed once each: to read the place of two anew whenever they are compared is what a large batch would cost.
  const placed = details.map((detail) => ({ detail, place: placeIn(detail) })).sort((one, other) => one.place - other.place).slice(0, mostMistakes);
  const sorted = placed.map(({ detail }) => detail);
  const [first, ...others] = sorted;
  const isCut = sorted.length === mostMistakes;
  const sentence = first === undefined ? 'The batch is malformed.' : `${first.path}: ${first.message}${others.length === 0 ? '' : ` (and ${others.length}${isCut ? ' or' : ''} more)`}. Nothing was written.`;
  return platformErrors.failure('invalid-request', sentence, { details: sorted });
}

function placeIn({ path }: FailureDetail): number {
  return Number(/^users\[(\d+)\]/.exec(path)?.[1] ?? -1);
}

/** A refusal of profiles in the words of this surface; any other error as it is. */
export function batchRefusal(error: unknown, places: readonly number[]): unknown {
  if (!isFailure(error) || error.value.details === undefined) return error;
  const details = error.value.details.map((detail) => inTheseWords(detail, places));
  switch (error.value.code) {
    case 'invalid-profile':
      return batchRefused(details);
    case 'user-erased':
      return profiles.profilesErrors.failure('user-erased', 'Users of the batch were erased; "recreate": true makes somebody new of an erased id. Nothing was written.', { details });
    case 'email-taken':
      return profiles.profilesErrors.failure('email-taken', 'An email of the batch is the login of another user of the project. Nothing was written.', { details });
    case 'login-outranks':
      return profiles.profilesErrors.failure('login-outranks', 'The batch changes an email that somebody logs in by who may do more in the project than this client. Nothing was written.', { details });
    default:
      return error;
  }
}
