import { z } from 'zod';

/** Ids that mean something else in a path. */
const reservedUserIds = new Set(['login', 'register', 'count', 'me', 'invite', 'merge', 'events', 'custom-profile-fields']);

export const customerId = z
  .string({ error: 'is required and must be a string' })
  .regex(/^[\p{L}\p{N}\-_.@:+=]{1,128}$/u, 'must be 1 to 128 letters, digits or any of - _ . @ : + =')
  .refine((id) => !reservedUserIds.has(id), 'is a reserved word');

/** A text of a customer; `null` removes it. */
export const textUpTo = (length: number) => z.string({ error: 'must be a string' }).max(length, `must not be longer than ${length} characters`).nullish();

/** The empty text is how this surface says that there is none. */
export const emailOrNone = z
  .string({ error: 'must be a string' })
  .max(320, 'must not be longer than 320 characters')
  .regex(/^([^\s@]+@[^\s@]+)?$/, 'must be an email address')
  .nullish();
