import { ZodError } from 'zod';
import { isFailure } from '#libs/platform/errors';

/** Something was out of reach: the event is not to blame, and trying again will work some day. */
export function isUnavailable(error: unknown): boolean {
  return isFailure(error) && error.value.kind === 'unavailable';
}

/** What went wrong, for the dead letters: codes and places. Messages of errors quote values, so only a failure's own is kept. */
export function describeError(error: unknown): string {
  if (isFailure(error)) return error.message;
  if (error instanceof ZodError) return `invalid event: ${error.issues.map((issue) => `${issue.path.join('.')} ${issue.code}`).join(', ')}`;
  if (!(error instanceof Error)) return 'unknown error';
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown };
  return [error.name, code, constraint].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

/** Settles as `work` does, or rejects after `ms`. The work itself can't be stopped: the inbox keeps it from counting twice. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the handler took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
