import { availableParallelism, totalmem } from 'node:os';

/** What a thread has for itself, beside the memory of its hash (measured: 24 MiB each with hashes of 19, and 9 before the first). */
const threadBytes = 9 * 2 ** 20;

interface Machine {
  processors: number;
  /** Bytes. */
  memory: number;
  /** Bytes that the process may have, such as its container's; more than there is, or 0, where nothing limits it. */
  limit: number;
}

const thisMachine = (): Machine => ({ processors: availableParallelism(), memory: totalmem(), limit: process.constrainedMemory() });

/**
 * Threads for password hashing where nobody has set how many: one for each processor. In a container these are all of its host, while the memory is its own:
 * so no more than take half of that, else a burst of logins ends the process.
 */
export function usualThreads(hashMemoryKib: number, { processors, memory, limit }: Machine = thisMachine()): number {
  if (limit === 0 || limit >= memory) return processors;
  return Math.max(1, Math.min(processors, Math.floor(limit / 2 / (hashMemoryKib * 1_024 + threadBytes))));
}
