/** Seconds between the attempts at a delivery; the last one is repeated. Three days hold some fifteen attempts. */
const waits = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];

/** From then on only one attempt at a time is made, with rests in between: whoever is down is not asked for each event. */
export const failuresBeforeRest = 5;

const firstRest = 5;
const longestRest = 300;

/** Seconds until the next attempt after so many; others that failed at the same time come at other times. */
export function waitAfter(tries: number): number {
  return jittered(waits[Math.min(tries, waits.length) - 1] ?? waits[0]!);
}

/** Seconds for which a webhook is left alone after so many failures in a row; 0: it is not. */
export function restAfter(failures: number): number {
  return failures < failuresBeforeRest ? 0 : jittered(Math.min(firstRest * 2 ** Math.min(failures - failuresBeforeRest, 20), longestRest));
}

function jittered(seconds: number): number {
  return seconds * (0.8 + 0.4 * Math.random());
}
