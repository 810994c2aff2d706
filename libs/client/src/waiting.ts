/** Ends when the time is over, or with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await abortable(new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))), signal);
  } finally {
    clearTimeout(timer);
  }
}

/** What the promise gives, unless the signal is aborted first: then its reason. What was waited for goes on. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    // The reason is the caller's: they get it as they gave it.
    const abort = () => reject(signal.reason as Error);
    const settled = () => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(settled);
    if (signal.aborted) abort();
  });
}

/** Does a thing once for all who ask while it is being done. */
export class Single<T> {
  private running: Promise<T> | undefined;

  constructor(private readonly work: () => Promise<T>) {}

  run(): Promise<T> {
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Waits for what is being done, whatever becomes of it. */
  async settled(): Promise<void> {
    await this.running?.catch(() => undefined);
  }
}
