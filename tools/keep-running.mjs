import { setTimeout as sleep } from 'node:timers/promises';

const firstPauseMs = 200;
const longestPauseMs = 5_000;
/** Who ran this long is not in a loop of crashes. */
const steadyAfterMs = 30_000;

/**
 * @typedef {object} Run one run of a program
 * @property {number} pid
 * @property {Promise<void>} exited
 * @property {string} [complaint] the sentence with which it refused to start
 * @property {(timeoutMs?: number) => Promise<void>} stop
 * @property {() => Promise<void>} kill
 */

/**
 * Starts a program and starts it again whenever it ends, with growing pauses, until it is stopped.
 *
 * @param {string} name for the log
 * @param {(earlier?: Run) => Promise<Run>} launch gets the run that ended, whose port or folder it may need again
 * @param {{ log: { warn(message: string): void }, isFinal?: (run: Run) => boolean }} options `isFinal` is asked at every end that nobody wanted: whether to leave it at that
 */
export async function keepRunning(name, launch, { log, isFinal = () => false }) {
  let run = await launch();
  let stopped = false;
  const over = new AbortController();

  const watch = async () => {
    for (let pause = firstPauseMs; ; ) {
      const since = Date.now();
      await run.exited;
      if (stopped || isFinal(run)) return;
      pause = Date.now() - since > steadyAfterMs ? firstPauseMs : Math.min(pause * 2, longestPauseMs);
      log.warn(`${name} ended unexpectedly${run.complaint === undefined ? '' : ` (${run.complaint})`}; starting it again in ${pause} ms.`);
      for (let started = false; !started; ) {
        await sleep(pause, undefined, { signal: over.signal }).catch(() => undefined);
        if (stopped) return;
        try {
          run = await launch(run);
          started = true;
        } catch (error) {
          pause = Math.min(pause * 2, longestPauseMs);
          log.warn(`${name} did not start (${error.message}); trying again in ${pause} ms.`);
        }
      }
      if (stopped) await run.kill();
    }
  };
  void watch();

  const end = (how) => {
    stopped = true;
    over.abort();
    return how(run);
  };
  return {
    name,
    get pid() {
      return run.pid;
    },
    url: run.url,
    stop: (timeoutMs) => end((current) => current.stop(timeoutMs)),
    kill: () => end((current) => current.kill()),
  };
}
