import { z } from 'zod';

/** Ids that mean something else in a path. */
const reserved: ReadonlySet<string> = new Set(['login', 'register', 'count', 'me', 'invite', 'merge', 'events']);

/** Characters of what a user shows as their uid: where it is an email, more than an external id may have. */
export const longestUid = 320;

const text = z.string({ error: (issue) => (issue.input === undefined ? 'is required and must be a string' : 'must be a string') });
const rule = 'must be 1 to 128 letters, digits or any of - _ . @ : + =';

/** A customer's own id of a user, as somebody new may get it, on every surface that takes one. */
export const uidText = text.regex(/^[\p{L}\p{N}\-_.@:+=]{1,128}$/u, rule).refine((uid) => !reserved.has(uid), 'is a reserved word');

/** Where it may be what somebody without an id of the customer's shows, too: an email or a user name of other characters. That somebody new gets none such is for who looks them up. */
export const shownUidText = text.min(1, rule).max(longestUid, rule);

/** What keeps somebody new from getting this id. */
export function uidMistake(uid: string): string | undefined {
  return uidText.safeParse(uid).error?.issues[0]?.message;
}
