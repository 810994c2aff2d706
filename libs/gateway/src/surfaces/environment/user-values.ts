import { z } from 'zod';

/** A text of a customer; `null` removes it. */
export const textUpTo = (length: number) => z.string({ error: 'must be a string' }).max(length, `must not be longer than ${length} characters`).nullish();

/** The empty text is how this surface says that there is none. */
export const emailOrNone = z
  .string({ error: 'must be a string' })
  .max(320, 'must not be longer than 320 characters')
  .regex(/^([^\s@]+@[^\s@]+)?$/, 'must be an email address')
  .nullish();
