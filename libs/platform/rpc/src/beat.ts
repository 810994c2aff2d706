/**
 * Milliseconds until the clock shows a multiple of the period, or the next but one where that is just about to be. What every process does
 * now and then is done at the same moments, so that each is woken once for all that it hears of then, and not once for each of the others.
 */
export function untilBeat(periodMs: number, now = Date.now()): number {
  const left = periodMs - (now % periodMs);
  return left < periodMs / 10 ? left + periodMs : left;
}
