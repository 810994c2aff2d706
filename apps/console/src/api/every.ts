import { Problem } from './problem.js';

/** Ask again every so many milliseconds, but not what one may not see or what is not there: a `refetchInterval`. */
export const every =
  (ms: number) =>
  ({ state: { error } }: { state: { error: Error | null } }): number | false =>
    error instanceof Problem && (error.status === 403 || error.status === 404) ? false : ms;
