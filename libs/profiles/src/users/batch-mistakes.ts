import { profiles } from '#libs/contracts';
import { mostMistakes, type Failure, type FailureDetail } from '#libs/platform/errors';

const { profilesErrors } = profiles;

/** Which of a batch's refusals is the answer's: what the sender can mend by itself comes first. */
const ranks = ['invalid-profile', 'user-erased', 'email-taken', 'login-outranks', 'uid-taken', 'field-busy'] as const;
type Rank = (typeof ranks)[number];

const places: Partial<Record<Rank, { field: string; message: string }>> = {
  'user-erased': { field: 'externalId', message: 'this user was erased' },
  'email-taken': { field: 'patch.email', message: 'is the login of another user of the project' },
  'login-outranks': { field: 'patch.email', message: 'is what somebody logs in by who may do more in the project than you' },
  'uid-taken': { field: 'newUserId', message: 'is somebody else\'s already' },
};

/** What is wrong with the items of a batch, to be told all at once. */
export class BatchMistakes {
  private readonly mistakes: { item: number; failure: Failure }[] = [];

  /** @param item its place in the batch */
  add(item: number, failure: Failure): void {
    this.mistakes.push({ item, failure });
  }

  get some(): boolean {
    return this.mistakes.length > 0;
  }

  /** Of the worst kind among them, with all that are of a kind that items have. */
  asFailure(): Failure {
    const codes = new Set(this.mistakes.map(({ failure }) => failure.value.code));
    const worst = ranks.find((code) => codes.has(code));
    // Not a mistake of an item: the database is away, say.
    if (worst === undefined || worst === 'field-busy') return this.mistakes[0]!.failure;
    const details: FailureDetail[] = [];
    for (const mistake of [...this.mistakes].sort((one, other) => one.item - other.item)) {
      details.push(...detailsOf(mistake));
      if (details.length >= mostMistakes) break;
    }
    const message = worst === 'user-erased' ? 'Users of the batch were erased.' : 'The batch holds mistakes, named in details; nothing was written.';
    return profilesErrors.failure(worst, message, { details: details.slice(0, mostMistakes) });
  }
}

function detailsOf({ item, failure: { value } }: { item: number; failure: Failure }): FailureDetail[] {
  const place = places[value.code as Rank];
  if (place !== undefined) return [{ path: `users[${item}].${place.field}`, message: place.message }];
  return (value.details ?? [{ path: '', message: value.message }]).map(({ path, message }) => ({ path: path === '' ? `users[${item}]` : path === 'externalId' ? `users[${item}].externalId` : `users[${item}].patch.${path}`, message }));
}
