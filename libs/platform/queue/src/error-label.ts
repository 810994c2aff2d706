import { isFailure } from '#libs/platform/errors';

/** What the queue's store may keep of an error: a failure's own words, else its kind and code. Other messages quote values. */
export function labelOf(error: unknown): string {
  if (isFailure(error)) return error.message;
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? `${error.name} ${code}` : error.name;
}
