import type { Logger } from './logger.js';

type Fields = Record<string, unknown> & { code: string };

/** Lines of one code in a minute; more are told in one line of how many there were. */
const linesOfCode = 10;
const spanMs = 60_000;

/**
 * Lines about what strangers bring about as often as they like: so many a minute of each code, and of the rest how many there were. So one is not lost among the others, and nobody
 * fills a disk by being refused.
 */
export class BoundedLog {
  private counts = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param message of each line; codes are ours, and few */
  constructor(
    private readonly logger: Logger,
    private readonly message: string,
  ) {}

  note(fields: Fields): void {
    const count = (this.counts.get(fields.code) ?? 0) + 1;
    this.counts.set(fields.code, count);
    if (count <= linesOfCode) this.logger.info(fields, this.message);
    this.timer ??= setTimeout(() => this.sum(), spanMs).unref();
  }

  /** Tells what was left out, and begins anew. It is done every minute; whoever ends may do it once more. */
  sum(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const counts = this.counts;
    this.counts = new Map();
    for (const [code, count] of counts) if (count > linesOfCode) this.logger.info({ code, count }, `${this.message}, so often in a minute; ${linesOfCode} were told by themselves`);
  }
}
