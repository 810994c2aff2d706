import { pino, type DestinationStream, type LevelWithSilent } from 'pino';

export type LogLevel = LevelWithSilent;

type Fields = Record<string, unknown>;

/**
 * Structured logger, and its injection token. Fields are ids, codes, counts and durations (`…Ms`), an error goes under `err`:
 * never a user's values, credentials or whole messages.
 */
export abstract class Logger {
  abstract trace(fields: Fields, message: string): void;
  abstract debug(fields: Fields, message: string): void;
  abstract info(fields: Fields, message: string): void;
  abstract warn(fields: Fields, message: string): void;
  abstract error(fields: Fields, message: string): void;
  abstract child(fields: Fields): Logger;
}

export interface LoggerOptions {
  level: LogLevel;
  format: 'json' | 'text';
  /** The target this process runs: `all`, `gateway`, `identity`, … */
  service: string;
  destination?: DestinationStream;
  /** What every line says besides: in which trace it is written. */
  alongside?: () => Fields | undefined;
}

/**
 * What must never reach a log even by mistake. Redaction is the second line of defence: the first is that nobody logs
 * a request, a message or a row as a whole.
 */
const redacted = ['password', 'secret', 'token', 'access_token', 'refresh', 'refresh_token', 'email', 'authorization', 'cookie', 'apiKey'].flatMap((key) => [key, `*.${key}`]);

/** Of an error: one may have come from itself. */
const mostCauses = 4;

/** An error as a line of the log has it; `cause`: what it says of the one that it came from, and that of its own. */
interface SerializedError {
  type?: string;
  message: string;
  stack?: string | undefined;
  code?: unknown;
  constraint?: unknown;
  table?: unknown;
  cause?: SerializedError;
}

/** An error's own words without what Postgres adds to them: its `detail`, `where` and `parameters` quote users' values. */
function serializeError(error: unknown, causes = mostCauses): SerializedError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint, table } = error as Error & { code?: unknown; constraint?: unknown; table?: unknown };
  const own = { type: error.name, message: error.message, stack: error.stack, code, constraint, table };
  if (error.cause === undefined || causes === 0) return own;
  // Where it was made is told by the error that it came to.
  const { stack: _stack, ...cause } = serializeError(error.cause, causes - 1);
  return { ...own, cause };
}

export function createLogger({ level, format, service, destination, alongside = () => undefined }: LoggerOptions): Logger {
  const stream = destination ?? (format === 'text' ? textStream() : pino.destination({ dest: 1, sync: true }));
  return pino(
    { level, base: { service }, mixin: () => ({ ...alongside() }), // a new object each time: pino writes into it
 timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: redacted, censor: '[redacted]' }, serializers: { err: (error: unknown) => serializeError(error) } },
    stream,
  );
}

const levelNames: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

const causesOf = ({ cause }: SerializedError): string => (cause === undefined ? '' : `\n  because of ${cause.message}${causesOf(cause)}`);

/** One line a record for people: time, level, message, then the fields. */
function textStream(): DestinationStream {
  return {
    write(line: string) {
      const { level, time, service, msg, err, ...fields } = JSON.parse(line) as Fields & { level: number; time: string; err?: SerializedError };
      const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join('');
      const trouble = err === undefined ? '' : `\n  ${err.stack ?? err.message}${causesOf(err)}`;
      process.stdout.write(`${time.slice(11, 23)} ${(levelNames[level] ?? String(level)).padEnd(5)} ${String(service)}: ${String(msg ?? '')}${rest}${trouble}\n`);
    },
  };
}
