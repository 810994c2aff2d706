import { createLogger, type Logger } from '#libs/platform/logging';

export type LogRecord = Record<string, unknown> & { level: number; msg: string };

/** A logger that keeps what it is told, as it would have been written. */
export class LogRecorder {
  readonly records: LogRecord[] = [];
  readonly logger: Logger = createLogger({
    level: 'trace',
    format: 'json',
    service: 'test',
    destination: { write: (line: string) => void this.records.push(JSON.parse(line) as LogRecord) },
  });

  /** Everything, as text: to look for what must not be there. */
  get text(): string {
    return this.records.map((record) => JSON.stringify(record)).join('\n');
  }

  /** Records at or above a pino level: 40 warn, 50 error. */
  atLeast(level: number): LogRecord[] {
    return this.records.filter((record) => record.level >= level);
  }
}
