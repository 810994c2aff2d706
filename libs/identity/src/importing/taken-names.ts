import { identity } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import type { Failure } from '#libs/platform/errors';
import { canonicalName } from '../names/canonical-name.js';
import { beingRegistered, type ImportCandidate } from './import-candidate.js';
import { importedLoginsRepository, type Holder } from './imported-logins.repository.js';

/** Who has the names that candidates are to log in with, as it was a moment ago. */
export class TakenNames {
  private readonly emails = new Map<string, Holder>();
  private readonly userNames = new Map<string, Holder>();

  private constructor(holders: readonly Holder[]) {
    for (const holder of holders) {
      if (holder.email !== null) this.emails.set(holder.email, holder);
      if (holder.userName !== null) this.userNames.set(holder.userName, holder);
    }
  }

  static async of(on: Queryable, realmId: string, candidates: readonly ImportCandidate[]): Promise<TakenNames> {
    const names = (texts: readonly (string | null)[]) => texts.flatMap((text) => (text === null ? [] : [canonicalName(text)]));
    const emails = names(candidates.map(({ email }) => email));
    const userNames = names(candidates.map(({ userName }) => userName));
    return new TakenNames(emails.length + userNames.length === 0 ? [] : await importedLoginsRepository.holders(on, realmId, emails, userNames));
  }

  /**
   * Why the candidate can't have their names; undefined: they were free.
   * @param undecided ids of holders of whom it will only turn out whether they keep their names
   */
  refuse({ email, userName, userId }: ImportCandidate, undecided: ReadonlySet<string>): Failure | undefined {
    if (email === null && userName === null) return identity.identityErrors.failure('email-missing', 'The user has neither an email nor a user name to log in with.');
    const other = (holder: Holder | undefined) => (holder === undefined || holder.userId === userId || undecided.has(holder.userId) ? undefined : holder);
    const ofEmail = email === null ? undefined : other(this.emails.get(canonicalName(email)));
    const ofUserName = userName === null ? undefined : other(this.userNames.get(canonicalName(userName)));
    // What is being made may also be given up again.
    if (ofEmail?.isPending === true || ofUserName?.isPending === true) return beingRegistered();
    if (ofEmail !== undefined) return identity.identityErrors.failure('email-taken', 'Another user of the realm logs in with this email.');
    if (ofUserName !== undefined) return identity.identityErrors.failure('user-name-taken', 'Another user of the realm has this user name.');
    return undefined;
  }
}
