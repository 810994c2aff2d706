import type { Logger } from '#libs/platform/logging';

const silenceMs = 30_000;

/** Says that a store is in trouble without saying it several times a second: BullMQ reports every failed attempt of every connection. */
export class OutageLog {
  private lastWarning = 0;

  constructor(
    private readonly store: string,
    private readonly logger: Logger,
  ) {}

  report(error: Error): void {
    const now = Date.now();
    const fields = { store: this.store, err: error };
    if (now - this.lastWarning < silenceMs) return this.logger.debug(fields, 'the job queue is in trouble');
    this.lastWarning = now;
    this.logger.warn(fields, 'the job queue is in trouble, trying again');
  }
}
