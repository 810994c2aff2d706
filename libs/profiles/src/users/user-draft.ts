import { profiles, systemActor, uidMistake, type Actor } from '#libs/contracts';
import type { Outcome } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { isFailure } from '#libs/platform/errors';
import { applyPatch, type Change } from './apply-patch.js';
import { invalidProfile } from './check-patch.js';
import { isAgreed, type EmailAgreement } from './email-agreement.js';
import { toProfile, unlisted, type LockedDirectoryRecord, type UserRecord } from './user-record.js';

const { profilesErrors } = profiles;

/** One checked upsert. */
export interface UserWrite {
  realmId: string;
  newUserId: string;
  externalId: string | undefined;
  /** Who has no external id is found too, by what stands for it. */
  asAddressed?: boolean;
  patch: profiles.ProfilePatch;
  recreateErased: boolean;
  mayChangeEmail: boolean;
  mayConvert?: boolean;
  mayTakeExternalId?: boolean;
  /** Nobody is to be made. */
  onlyExisting?: boolean;
  /** The external id that a user who has none takes. */
  takeExternalId?: string;
  /** Names of facts that others change in the same request. */
  touched?: readonly string[];
  /** True: an attribute that is no declared field is a mistake. */
  declaredOnly?: boolean;
  actor: Actor;
  context: CallContext;
  /** What identity said when it was asked because of this write. */
  agreed?: EmailAgreement;
}

/** `ask-identity`: nothing was written, because the user logs in by the email and identity has yet to agree. */
export type UserWritten = { readonly user: profiles.Profile; readonly created: boolean; readonly again?: { readonly createdAt: string | null } } | { readonly askIdentity: Readonly<EmailAgreement> & { readonly before: string | null } };

const writtenWithAttributes: ReadonlySet<keyof UserRecord> = new Set(['attributes', 'version', 'modifiedAt', 'modifiedBy']);
const columnsOf = (user: UserRecord) => Object.keys(user) as (keyof UserRecord)[];

/** A user in a transaction, between reading and writing: takes the upserts of one group in their order. */
export class UserDraft {
  private readonly changedFacts = new Set<string>();
  private readonly joined = new Set<string>();
  private draft: UserRecord | undefined;
  private recreates = false;

  /**
   * @param stored the locked row; absent: there is nobody yet
   * @param erased a tombstone bears this user's name
   */
  constructor(
    private readonly stored: UserRecord | undefined,
    private directory: LockedDirectoryRecord = { ...unlisted, loginVersion: 0 },
    private readonly erased = false,
  ) {
    this.draft = stored;
  }

  /** The user as it is to be written; absent: there is nothing to write. */
  get toWrite(): UserRecord | undefined {
    return this.draft === this.stored ? undefined : this.draft;
  }

  get isNew(): boolean {
    return this.stored === undefined;
  }

  /** Whoever made this user said that an erased name may be borne again. */
  get recreatesErased(): boolean {
    return this.recreates;
  }

  get attributesChanged(): boolean {
    return this.draft?.attributes !== this.stored?.attributes;
  }

  /** Of the row nothing changes but attributes, version and author. */
  get onlyAttributesChange(): boolean {
    const { stored, draft } = this;
    return stored !== undefined && draft !== undefined && this.attributesChanged && columnsOf(draft).every((column) => draft[column] === stored[column] || writtenWithAttributes.has(column));
  }

  /** The external id that the user, who had none, takes. */
  get takenExternalId(): string | null {
    return this.stored === undefined || this.stored.externalId === this.draft?.externalId ? null : (this.draft?.externalId ?? null);
  }

  /** Ids of the lists that the user is to be subscribed to. */
  get listsJoined(): string[] {
    return [...this.joined];
  }

  /** Names of what changed. */
  get facts(): string[] {
    return [...this.changedFacts];
  }

  /** @param at the time of the change */
  fold(write: UserWrite, at: string): Outcome<UserWritten> {
    const before = this.draft;
    if (before === undefined && this.erased && !(write.recreateErased && write.externalId !== undefined)) {
      return { failure: profilesErrors.failure('user-erased', 'This user was erased.') };
    }
    if (before === undefined && write.onlyExisting === true) return { failure: profilesErrors.failure('user-not-found', 'There is no such user.') };
    const misnamed = before === undefined && write.externalId !== undefined ? uidMistake(write.externalId) : undefined;
    if (misnamed !== undefined) return { failure: invalidProfile([{ path: 'externalId', message: misnamed }]) };
    const patch = before === undefined ? write.patch : withoutSameEmail(write, before);
    if (before !== undefined && !write.mayChangeEmail && patch.email !== undefined && before.email !== null && patch.email !== before.email) {
      return { failure: profilesErrors.failure('email-change-forbidden', 'Changing an email that is set takes full credentials.') };
    }
    if (before !== undefined && write.mayConvert === false && patch.isAccount !== undefined && patch.isAccount !== before.isAccount) {
      return { failure: profilesErrors.failure('account-change-forbidden', 'Making a customer an account, or an account a customer, takes full credentials.') };
    }
    if (write.takeExternalId !== undefined && before !== undefined && before.externalId !== null && before.externalId !== write.takeExternalId) {
      return { failure: profilesErrors.failure('uid-mismatch', 'The user has an id already, and it can\'t be changed.') };
    }
    if (write.takeExternalId !== undefined && before?.externalId === null && write.mayTakeExternalId === false) {
      return { failure: profilesErrors.failure('uid-change-forbidden', 'Giving an id to a user who has none takes full credentials.') };
    }
    const start = before ?? newUser(write, at);
    let change;
    try {
      change = withExternalId(applyPatch(start, patch, at), before === undefined ? undefined : write.takeExternalId);
    } catch (error) {
      if (isFailure(error)) return { failure: error };
      throw error;
    }
    if (before !== undefined && change.facts.includes('email') && this.isOfLogin(write)) {
      const wanted = { userId: before.userId, email: change.user.email, loginVersion: this.directory.loginVersion };
      if (!isAgreed(write.agreed, wanted)) return { answer: { askIdentity: { ...wanted, before: before.email } } };
    }
    return { answer: this.take(write, before, change, at) };
  }

  /** Whether the user's email is one to log in with. Who has a user name is to log in one day, and then by the email too: not everybody says what that is. */
  private isOfLogin({ mayChangeEmail }: UserWrite): boolean {
    return this.directory.canLogIn || (!mayChangeEmail && this.directory.userName !== null);
  }

  private take(write: UserWrite, before: UserRecord | undefined, change: { user: UserRecord; facts: string[] }, at: string): UserWritten {
    const created = before === undefined;
    if (this.subscribe(write.patch.lists ?? [])) change.facts.push('lists');
    change.facts.push(...(write.touched ?? []));
    // Identity, which agreed to this very email, has told of it by its event before we came to write it: it is the writer's all the same.
    if (!created && write.agreed?.userId === before.userId && before.modifiedBy === systemActor.id && write.patch.email === before.email && change.facts.length === 0) change.facts.push('email');
    if (!created && change.facts.length === 0) return { user: toProfile(before, this.directory), created };
    if (created) {
      this.recreates = write.recreateErased;
      if (write.externalId !== undefined) this.changedFacts.add('externalId');
    }
    for (const fact of change.facts) this.changedFacts.add(fact);
    this.draft = { ...change.user, version: change.user.version + 1, modifiedAt: at, modifiedBy: write.actor.id };
    return { user: toProfile(this.draft, this.directory), created };
  }

  /** @returns whether one of the lists is new to the user */
  private subscribe(listIds: readonly string[]): boolean {
    const { lists } = this.directory;
    const missing = [...new Set(listIds.map((id) => id.toLowerCase()))].filter((id) => !lists.some((list) => list.id === id && list.subscribed));
    if (missing.length === 0) return false;
    for (const id of missing) this.joined.add(id);
    const left = lists.map((list) => (missing.includes(list.id) ? { ...list, subscribed: true } : list));
    this.directory = { ...this.directory, lists: [...left, ...missing.filter((id) => !lists.some((list) => list.id === id)).map((id) => ({ id, subscribed: true }))] };
    return true;
  }
}

/** Who may not change an email may still send it, whatever the case they know it in. */
function withoutSameEmail(write: UserWrite, user: UserRecord): profiles.ProfilePatch {
  const { email, ...rest } = write.patch;
  const same = !write.mayChangeEmail && typeof email === 'string' && user.email !== null && email.toLowerCase() === user.email.toLowerCase();
  return same ? rest : write.patch;
}

function withExternalId({ user, facts }: Change, externalId: string | undefined): Change {
  return externalId === undefined || user.externalId === externalId ? { user, facts } : { user: { ...user, externalId }, facts: ['externalId', ...facts] };
}

function newUser(write: UserWrite, at: string): UserRecord {
  return {
    realmId: write.realmId,
    userId: write.newUserId,
    externalId: write.externalId ?? null,
    displayName: null,
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    notes: null,
    city: null,
    country: null,
    region: null,
    timezone: null,
    preferences: {},
    preferencesUpdatedAt: null,
    attributes: {},
    devices: [],
    isAccount: false,
    createdAt: at,
    createdBy: write.actor.id,
    modifiedAt: at,
    modifiedBy: write.actor.id,
    firstSeenAt: null,
    lastSeenAt: null,
    activity: {},
    version: 0,
  };
}
