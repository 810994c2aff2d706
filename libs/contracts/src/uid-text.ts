import { z } from 'zod';

/** Ids that mean something else in a path. */
const reserved: ReadonlySet<string> = new Set(['login', 'register', 'count', 'me', 'invite', 'merge', 'events']);

/** Characters of what a user shows as their uid: where it is an email, more than an external id may have. */
export const longestUid = 320;

/** A customer's own id of a user, as somebody new may get it, on every surface that takes one. */
export const uidText = z
  .string({ error: (issue) => (issue.input === undefined ? 'is required and must be a string' : 'must be a string') })
  .regex(/^[\p{L}\p{N}\-_.@:+=]{1,128}$/u, 'must be 1 to 128 letters, digits or any of - _ . @ : + =')
  .refine((uid) => !reserved.has(uid), 'is a reserved word');
