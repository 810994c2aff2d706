import { identity } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import type { Failure } from '#libs/platform/errors';
import { canonicalName } from '../names/canonical-name.js';
import { beingRegistered, type ImportCandidate } from './import-candidate.js';
import { importedLoginsRepository, type Holder } from './imported-logins.repository.js';

/** Who has the names that candidates are to log in with, as it was a moment ago. */
export class TakenNames {
  private readonly holders: ReadonlyMap<string, Holder>;

  private constructor(holders: readonly Holder[]) {
    this.holders = new Map(holders.map((holder) => [holder.name, holder]));
  }

  static async of(on: Queryable, realmId: string, candidates: readonly ImportCandidate[]): Promise<TakenNames> {
    const names = candidates.flatMap(({ email, userName }) => [email, userName]).flatMap((text) => (text === null ? [] : [canonicalName(text)]));
    return new TakenNames(names.length === 0 ? [] : await importedLoginsRepository.holders(on, realmId, names));
  }

  /**
   * Why the candidate can't have their names; undefined: they were free.
   * @param undecided ids of holders of whom it will only turn out whether they keep their names
   */
  refuse({ email, userName, userId }: ImportCandidate, undecided: ReadonlySet<string>): Failure | undefined {
    if (email === null && userName === null) return identity.identityErrors.failure('email-missing', 'The user has neither an email nor a user name to log in with.');
    const other = (name: string | null) => {
      const holder = name === null ? undefined : this.holders.get(canonicalName(name));
      return holder === undefined || holder.userId === userId || undecided.has(holder.userId) ? undefined : holder;
    };
    const ofEmail = other(email);
    const ofUserName = other(userName);
    // What is being made may also be given up again.
    if (ofEmail?.isPending === true || ofUserName?.isPending === true) return beingRegistered();
    if (ofEmail !== undefined) return identity.identityErrors.failure('email-taken', 'Another user of the realm logs in with this email.');
    if (ofUserName !== undefined) return identity.identityErrors.failure('user-name-taken', 'Another user of the realm logs in with this name.');
    return undefined;
  }
}
