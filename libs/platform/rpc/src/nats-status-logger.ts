import { Logger } from '@nestjs/common';

const silenceMs = 30_000;
const remembered = 50;

/** Nest tells of every attempt to connect that the server refused, twice a second: each of its sentences is said once in half a minute. */
export class NatsStatusLogger extends Logger {
  private readonly saidAt = new Map<string, number>();

  override error(message: unknown, ...more: unknown[]): void {
    const sentence = String(message);
    const now = performance.now();
    if (now - (this.saidAt.get(sentence) ?? Number.NEGATIVE_INFINITY) < silenceMs) return super.debug(message);
    if (this.saidAt.size >= remembered) this.saidAt.clear();
    this.saidAt.set(sentence, now);
    super.error(message, ...more);
  }
}
