import { z } from 'zod';

const text = z.string({ error: 'must be a string' });
const rule = 'must be an email address';
const mostCharacters = 320;
const tooLong = `must not be longer than ${mostCharacters} characters`;

/** An email, on every surface that takes one: something before an @ and something after it, in letters of any script. Whether it is somebody's turns out when they get a mail. */
export const emailText = text.max(mostCharacters, tooLong).regex(/^[^\s@]+@[^\s@]+$/, rule);

/** Where the empty text is how some clients say that there is none. */
export const emailOrNone = text.max(mostCharacters, tooLong).regex(/^([^\s@]+@[^\s@]+)?$/, rule);

/** One that is written to at once: without characters that nobody sees, which no address has and which make it look like another one. */
export const mailedEmail = text.trim().max(mostCharacters, tooLong).regex(/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u, rule);
