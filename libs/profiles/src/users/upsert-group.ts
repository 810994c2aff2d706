import { profiles } from '#libs/contracts';
import type { Outcome, Transaction } from '#libs/platform/database';
import { event } from '#libs/platform/events';
import type { Claim } from '#libs/platform/idempotency';
import { KnownLists, listsTouched } from '../lists/known-lists.js';
import { subscriptionsRepository } from '../lists/subscriptions.repository.js';
import { FieldRules, fieldsTouched } from '../fields/field-rules.js';
import { answerAgain, referenceTo } from './answer-again.js';
import { readSurroundings, spentNamesQuery } from './surroundings.js';
import type { UpsertTools } from './upsert-tools.js';
import { UserDraft, type UserWrite, type UserWritten } from './user-draft.js';
import type { UserRecord } from './user-record.js';
import type { LockedRow, UserKey } from './users.repository.js';

/** The upserts of a group that name their user alike. */
interface Subject {
  key: UserKey;
  writes: UserWrite[];
  /** Where their outcomes belong. */
  places: number[];
  /** Under which tombstones an erased user of this name would lie; empty until it matters. */
  hashes: Buffer[];
}

/** A user who is about to be made. */
interface Birth {
  subject: Subject;
  draft: UserDraft;
  user: UserRecord;
}

/** More rounds than that mean that it is not a neighbour who was faster, but a name that can't be had. */
const rounds = 3;

/** Upserts that are written in one transaction: each statement is about all of them. */
export class UpsertGroup {
  private readonly outcomes: Outcome<UserWritten>[] = [];
  private readonly changed: { user: UserRecord; draft: UserDraft }[] = [];

  constructor(
    private readonly tx: Transaction,
    private readonly tools: UpsertTools,
    /** True: nothing is written, and each write is looked at as if it came alone. */
    private readonly checkOnly = false,
  ) {}

  /** @returns one outcome per write, in order */
  async run(writes: readonly UserWrite[]): Promise<Outcome<UserWritten>[]> {
    // First of all: a request that comes again must neither be written nor be refused for what its first time did.
    const claims = await this.tools.idempotency.claim(this.tx, writes.map(({ context }) => context));
    await this.answerClaimed(writes, claims);
    let left = subjectsOf(writes, this.outcomes);
    for (let round = 1; left.length > 0 && round <= rounds; round += 1) left = await this.round(left);
    for (const place of left.flatMap(({ places }) => places)) {
      this.outcomes[place] = { failure: profiles.profilesErrors.failure('uid-taken', 'The id for the new user is somebody else\'s already.') };
    }
    await subscriptionsRepository.subscribe(this.tx, this.changed.flatMap(({ user, draft }) => draft.listsJoined.map((listId) => ({ realmId: user.realmId, userId: user.userId, listId }))));
    await this.tell(writes);
    await this.settle(writes, claims);
    return this.outcomes;
  }

  /** Writes whose key was used before have their outcome already. */
  private async answerClaimed(writes: readonly UserWrite[], claims: readonly (Claim | undefined)[]): Promise<void> {
    for (const [place, claim] of claims.entries()) {
      if (claim?.state === 'refused') this.outcomes[place] = { failure: claim.failure };
      if (claim?.state === 'earlier') this.outcomes[place] = await answerAgain(this.tx, this.tools.users, writes[place]!, claim.reference);
    }
  }

  /** A write that was refused, or has to be made again, gives its key back. */
  private async settle(writes: readonly UserWrite[], claims: readonly (Claim | undefined)[]): Promise<void> {
    const fresh = writes.flatMap(({ context }, place) => {
      if (claims[place]?.state !== 'fresh') return [];
      const outcome = this.outcomes[place]!;
      const isWritten = 'answer' in outcome && 'user' in outcome.answer;
      return [{ context, reference: isWritten ? referenceTo(outcome.answer, writes[place]!) : undefined }];
    });
    if (fresh.length > 0) await this.tools.idempotency.settle(this.tx, fresh);
  }

  /** @returns the subjects of which it turned out, while writing, that they have to be looked at again */
  private async round(subjects: readonly Subject[]): Promise<Subject[]> {
    const touched = fieldsTouched(subjects.flatMap(({ writes }) => writes));
    const locked = byName(await this.tools.users.lock(this.tx, subjects.map(({ key }) => key), touched.realmIds));
    const missing = subjects.filter(({ key }) => !locked.has(nameOf(key)));
    for (const subject of missing) subject.hashes = this.tools.keys.of(subject.key.realmId, 'userId' in subject.key ? { userId: subject.key.userId } : { uid: subject.key.externalId });
    const { at, directory, erased, fields, activity } = await readSurroundings(this.tx, [...new Set(locked.values())], realmsOf(missing), missing.flatMap(({ hashes }) => hashes), touched);
    const rules = new FieldRules(fields, activity);
    const lists = new KnownLists(await subscriptionsRepository.keep(this.tx, listsTouched(subjects.flatMap(({ writes }) => writes))));

    const known = new Map<UserRecord, UserDraft>();
    const births: Birth[] = [];
    for (const subject of subjects) {
      const user = locked.get(nameOf(subject.key));
      // Two names may mean one user, who then has one draft.
      const draft = (user && !this.checkOnly && known.get(user)) || new UserDraft(user, user && directory.get(user.userId), user === undefined && isUnder(subject, erased));
      if (user !== undefined) known.set(user, draft);
      subject.writes.forEach((write, index) => {
        const failure = rules.refuse(write) ?? lists.refuse(write);
        this.outcomes[subject.places[index]!] = failure === undefined ? draft.fold(write, at) : { failure };
      });
      if (user === undefined && draft.toWrite !== undefined) births.push({ subject, draft, user: draft.toWrite });
    }
    if (this.checkOnly) return [];
    await this.update([...known.values()], births.length > 0);
    return births.length === 0 ? [] : this.insert(births);
  }

  /** @param more whether something else is written in this round, so that it can go along */
  private async update(drafts: readonly UserDraft[], more: boolean): Promise<void> {
    const updates = drafts.flatMap((draft) => (draft.toWrite === undefined ? [] : [{ draft, user: draft.toWrite }]));
    const [few, whole] = [updates.filter(({ draft }) => draft.onlyAttributesChange), updates.filter(({ draft }) => !draft.onlyAttributesChange)];
    const taken = updates.flatMap(({ draft, user }) => (draft.takenExternalId === null ? [] : [{ realmId: user.realmId, externalId: draft.takenExternalId, userId: user.userId }]));
    // Where no id is taken, nothing can be wrong with it that had to be known now.
    const along = more && taken.length === 0;
    await this.tools.users.updateAttributes(this.tx, few.map(({ user }) => user), along);
    await this.tools.users.update(this.tx, whole.map(({ draft, user }) => ({ ...user, attributes: draft.attributesChanged ? user.attributes : null })), along);
    await this.refuseSpentIds(taken);
    this.changed.push(...updates);
  }

  /** An id that somebody took is theirs now; whoever bore it and was erased must not seem to be back, and what comes for somebody who was merged goes to whom they became. */
  private async refuseSpentIds(taken: readonly { realmId: string; externalId: string; userId: string }[]): Promise<void> {
    if (taken.length === 0) return;
    const hashes = taken.flatMap(({ realmId, externalId }) => this.tools.keys.of(realmId, { uid: externalId }));
    const spent = await this.tools.users.spentNames(this.tx, spentNamesQuery([...new Set(taken.map(({ realmId }) => realmId))], hashes, taken));
    if (spent.erased.size > 0) throw profiles.profilesErrors.failure('user-erased', 'The user of this id was erased.');
    const takers = new Map(taken.map((one) => [uidOf(one), one.userId]));
    if (spent.merged.some((name) => takers.get(uidOf(name)) !== name.userId)) throw profiles.profilesErrors.failure('uid-taken', 'The id is another user\'s already.');
  }

  private async insert(births: readonly Birth[]): Promise<Subject[]> {
    const subjects = births.map(({ subject }) => subject);
    const names = subjects.flatMap(({ key }) => ('externalId' in key ? [key] : []));
    // What was seen of the tombstones before is only certain now: a user of this name who came and went meanwhile would
    // have kept us from inserting until that was committed. Likewise of one who came, and was merged into another meanwhile.
    const { inserted, spent } = await this.tools.users.insert(this.tx, births.map(({ user }) => user), spentNamesQuery(realmsOf(subjects), subjects.flatMap(({ hashes }) => hashes), names));
    const born = births.filter(({ user }) => inserted.has(user.userId));
    const merged = new Set(spent.merged.map(uidOf));
    const isMerged = ({ user: { realmId, externalId } }: Birth) => externalId !== null && merged.has(uidOf({ realmId, externalId }));
    const revived = born.filter((birth) => birth.draft.recreatesErased && isUnder(birth.subject, spent.erased) && !isMerged(birth));
    const refused = born.filter((birth) => isMerged(birth) || (!birth.draft.recreatesErased && isUnder(birth.subject, spent.erased)));
    await this.tools.tombstones.lift(this.tx, realmsOf(revived.map(({ subject }) => subject)), revived.flatMap(({ subject }) => subject.hashes));
    await this.tools.users.delete(this.tx, refused.map(({ user }) => user));
    const again = births.filter((birth) => !born.includes(birth) || refused.includes(birth));
    this.changed.push(...births.filter((birth) => !again.includes(birth)));
    return again.map(({ subject }) => subject);
  }

  /** One event per user, all in one statement; they bear the id of the request that opened the group. */
  private async tell([first]: readonly UserWrite[]): Promise<void> {
    if (first === undefined) return;
    const events = this.changed.map(({ draft, user }) =>
      event(profiles.userChanged, { realmId: user.realmId, userId: user.userId, version: user.version, created: draft.isNew, facts: draft.facts }),
    );
    await this.tools.outbox.append(this.tx, first.context, ...events);
  }
}

/** @param outcomes of writes that are not to be made */
function subjectsOf(writes: readonly UserWrite[], outcomes: readonly Outcome<UserWritten>[]): Subject[] {
  const subjects = new Map<string, Subject>();
  writes.forEach((write, place) => {
    if (outcomes[place] !== undefined) return;
    const { realmId, externalId, newUserId, asAddressed = false } = write;
    const key: UserKey = externalId === undefined ? { realmId, userId: newUserId } : { realmId, externalId, asAddressed };
    const subject = subjects.get(nameOf(key)) ?? { key, writes: [], places: [], hashes: [] };
    subjects.set(nameOf(key), subject);
    subject.writes.push(write);
    subject.places.push(place);
  });
  return [...subjects.values()];
}

function isUnder({ hashes }: Subject, stones: ReadonlySet<string>): boolean {
  return hashes.some((hash) => stones.has(hash.toString('hex')));
}

function nameOf(key: UserKey): string {
  return 'userId' in key ? `${key.realmId} id ${key.userId}` : `${key.realmId} ${key.asAddressed === true ? 'address' : 'uid'} ${key.externalId}`;
}

function uidOf({ realmId, externalId }: { realmId: string; externalId: string }): string {
  return nameOf({ realmId, externalId });
}

/** Locked users by each of their names, and by the one under which they were found: of somebody merged into them, or what stands for an external id. */
function byName(rows: readonly LockedRow[]): Map<string, UserRecord> {
  const users = new Map<string, UserRecord>();
  for (const { foundAs, asAddressed, ...row } of rows) {
    // Found under two names, a user is one object still: what is written is one row.
    const user = users.get(nameOf(row)) ?? row;
    for (const name of namesOf(user)) users.set(name, user);
    if (foundAs !== null) users.set(nameOf({ realmId: user.realmId, externalId: foundAs, asAddressed }), user);
  }
  return users;
}

function namesOf({ realmId, userId, externalId }: UserRecord): string[] {
  return [nameOf({ realmId, userId }), ...(externalId === null ? [] : [nameOf({ realmId, externalId }), nameOf({ realmId, externalId, asAddressed: true })])];
}

function realmsOf(subjects: readonly Subject[]): string[] {
  return [...new Set(subjects.map(({ key }) => key.realmId))];
}
