import { profiles } from '#libs/contracts';
import type { Outcome, Queryable } from '#libs/platform/database';
import type { Reference } from '#libs/platform/idempotency';
import type { UserWrite, UserWritten } from './user-draft.js';
import { toProfile } from './user-record.js';
import type { UsersRepository } from './users.repository.js';

/** By what `answerAgain` answers: the time of the write is kept where it became the user's, who may have another by then. */
export function referenceTo({ user, created }: Extract<UserWritten, { user: unknown }>, { patch }: UserWrite): Reference {
  return { userId: user.userId, created, ...(created && patch.createdAt == null ? { createdAt: user.createdAt } : {}) };
}

/** Answers an upsert that was answered before, by the user as they are now: also by whom they were merged into. Who is erased is not brought back. */
export async function answerAgain(on: Queryable, users: UsersRepository, { realmId, externalId }: UserWrite, { userId, created, createdAt = null }: Reference): Promise<Outcome<UserWritten>> {
  const found = (await users.get(on, realmId, { userId: userId as string })) ?? (externalId === undefined ? undefined : await users.get(on, realmId, { uid: externalId }));
  if (found === undefined) return { failure: profiles.profilesErrors.failure('user-erased', 'This user was erased.') };
  return { answer: { user: toProfile(found.user, found.directory), created: created === true, again: { createdAt: createdAt as string | null } } };
}
