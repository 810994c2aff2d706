import { identity, profiles } from '#libs/contracts';
import { platformErrors, type Failure } from '#libs/platform/errors';
import type { TakenHash } from '../passwords/imported-hash.js';
import type { ImportedLogin, PresentLogin } from './imported-logins.repository.js';

/** One user of an import, on the way to a result. */
export class ImportCandidate {
  /** Undefined: nothing has come of it yet. */
  result: identity.ImportResult | undefined;
  /** As it is stored; empty until it was made. */
  passwordHash = '';
  /** Who is there, or the id that they get; empty until profiles was asked. */
  userId = '';
  isNew = false;
  private login: PresentLogin | undefined;
  private contactEmail: string | null = null;

  constructor(
    readonly user: identity.ImportedUser,
    readonly hash: TakenHash,
  ) {}

  /** The same of two candidates: the same user. */
  get who(): string {
    return this.isNew && 'externalId' in this.user.user ? `new ${this.user.user.externalId}` : this.userId;
  }

  /** What a result may say of the user: somebody who was not made has no id, nor has who could not be looked for. */
  get knownId(): string | null {
    return this.isNew || this.userId === '' ? null : this.userId;
  }

  /** What they are to log in with, as far as it is known. */
  get email(): string | null {
    return this.login?.loginEmail ?? ((this.user.email ?? this.contactEmail) || null);
  }

  get userName(): string | null {
    return this.user.userName?.trim() ?? this.login?.userName ?? null;
  }

  /** Takes in who is there: nothing comes of those who can log in already, or can't be found. */
  meet(found: { userId: string; email: string | null } | 'erased' | null, login: PresentLogin | undefined, newUserId: string): void {
    const present = found === 'erased' ? null : found;
    this.isNew = present === null;
    this.userId = present?.userId ?? newUserId;
    this.contactEmail = present?.email ?? null;
    this.login = login;
    // Before anything of theirs is written, which would stay in the files for a while.
    if (found === 'erased') this.fail(profiles.profilesErrors.failure('user-erased', 'This user was erased.'));
    else if (this.isNew && 'userId' in this.user.user) this.fail(notFound());
    else if (login?.canLogIn === true) this.result = { status: 'skipped', userId: this.userId, error: null };
    else if (login?.status === 'hidden') this.fail(notFound());
    else if (login?.isRegistering === true) this.fail(beingRegistered());
  }

  fail({ value }: Failure): void {
    this.result = failed(this.knownId, value);
  }

  toLogin(realmId: string): ImportedLogin {
    return { realmId, userId: this.userId, email: this.email, userName: this.userName, isActive: this.user.isActive ?? null, passwordHash: this.passwordHash, lastLoginAt: this.user.lastLoginAt ?? null };
  }
}

export function failed(userId: string | null, { code, message }: { code: string; message: string }): identity.ImportResult {
  return { status: 'failed', userId, error: { code, message } };
}

export function notFound(): Failure {
  return identity.identityErrors.failure('user-not-found', 'There is no such user.');
}

/** By another request, or by one that died a moment ago and is finished by the upkeep. */
export function beingRegistered(): Failure {
  return platformErrors.failure('service-unavailable', 'The user is being registered or imported at this moment: try again in a minute.', { retryAfter: 60 });
}
