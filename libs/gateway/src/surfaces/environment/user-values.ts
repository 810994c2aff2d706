import { z } from 'zod';

/** A text of a customer; `null` removes it. */
export const textUpTo = (length: number) => z.string({ error: 'must be a string' }).max(length, `must not be longer than ${length} characters`).nullish();
