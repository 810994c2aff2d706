import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Lets Nest speak through our logger. Its start-up chatter is debug: what an operator wants to read, we say ourselves. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ context: context.at(-1) }, String(message));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn({ context: context.at(-1) }, String(message));
  }

  error(message: unknown, ...more: unknown[]): void {
    const context = more.at(-1);
    if (message instanceof Error) this.logger.error({ err: message, context }, message.message);
    else this.logger.error({ context }, String(message));
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.error(message, ...more);
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.logger.trace({ context: context.at(-1) }, String(message));
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.logger.trace({ context: context.at(-1) }, String(message));
  }
}
