import type { z } from 'zod';
import { mistakesOf, mistakesSentence, platformErrors } from '#libs/platform/errors';
import { compiled } from '#libs/platform/messages';

/**
 * Parses one part of a request.
 * @param schema one that is declared once: code is made for it
 * @throws Failure `invalid-request`; `details` name each place in the sender's own words: `users[3].profile.joined`
 */
export function parseInput(schema: z.ZodType | undefined, input: unknown, root: string): unknown {
  if (schema === undefined) return undefined;
  const result = compiled(schema).safeParse(input);
  if (result.success) return result.data;
  const details = mistakesOf(result.error.issues, input, root);
  throw platformErrors.failure('invalid-request', mistakesSentence(details, 'The request body'), { details });
}
