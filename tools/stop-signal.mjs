/** npm passes Ctrl-C on to a process that had it from the terminal already: the second within this time is no insisting. */
const sameKeyMs = 1_000;

/** The operator's wish to end: the first SIGINT or SIGTERM asks, another one insists. */
export class StopSignal {
  requested = false;
  /** Settles at the first signal. */
  whenRequested;
  #insist = () => process.exit(130);

  constructor() {
    let first;
    this.whenRequested = new Promise((resolve) => (first = resolve));
    let since = 0;
    const onSignal = () => {
      if (!this.requested) {
        this.requested = true;
        since = Date.now();
        first();
      } else if (Date.now() - since > sameKeyMs) {
        this.#insist();
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  }

  /** What insisting does; without it the process ends at once. */
  onInsist(work) {
    this.#insist = work;
  }

  /** The result of a step of the start; `undefined` when the operator does not want it any more. @template T @param {() => Promise<T>} step */
  async orFinish(step) {
    if (this.requested) return undefined;
    return Promise.race([step(), this.whenRequested]);
  }
}
