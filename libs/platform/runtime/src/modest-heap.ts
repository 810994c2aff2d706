import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much may come to what was in use after a collection, in percent of it, before the next one begins. */
const growingPercent = 40;

/**
 * Keeps the heap near what is in use. By itself V8 first looks for garbage when its old space has reached some 250 MB, and where the machine has
 * much memory it lets four times as much come together as is in use. To be called once, when the start has made what stays: it collects its garbage.
 */
export function keepHeapModest(): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}
