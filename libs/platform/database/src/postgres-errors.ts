import { type Failure, platformErrors } from '#libs/platform/errors';

interface PostgresError extends Error {
  code?: string;
  detail?: string;
  constraint?: string;
}

/** Classes 08 (connection), 57P0x (shutting down), 53xxx (no connections or memory left), and what the driver says itself. */
const unreachable = /^(08...|57P0.|53...|ECONN.*|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;
const unreachableMessages = ['Connection terminated', 'timeout exceeded when trying to connect', 'timeout expired', 'Client has encountered a connection error', 'Cannot use a pool after calling end', 'Query read timeout'];

/** Codes of Node.js and OpenSSL for a certificate that is not trusted, as when it has expired. */
const untrusted = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/;

/** True when Postgres could not be reached, or cut us off: nothing is known about what was sent, and trying again may work. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as PostgresError;
  return (code !== undefined && unreachable.test(code)) || unreachableMessages.some((message) => error.message.includes(message)) || isUntrusted(error);
}

/** The connection can't be encrypted as the address asks: the server has no TLS, or no certificate that we trust. */
export function isUntrusted(error: unknown): boolean {
  const { code = '', message = '' } = Object(error) as Partial<PostgresError>;
  return untrusted.test(code) || message.includes('server does not support SSL');
}

/** Serialization failures and deadlocks: Postgres took the transaction back as a whole, and the same one may succeed. */
export function isRetryable(error: unknown): boolean {
  const code = (error as PostgresError | undefined)?.code;
  return code === '40001' || code === '40P01';
}

/** Text with the character U+0000, `22021` as a value of its own and `22P05` within JSON, or with half of a surrogate pair there. */
function isUnstorable(error: unknown): boolean {
  const { code, detail } = Object(error) as PostgresError;
  return code === '22021' || code === '22P05' || (code === '22P02' && detail?.includes('surrogate') === true);
}

/** What a caller hears when the database is away, or can't keep what it was given. Schemas refuse that before, and name its place: this is for what they forgot. */
export function asFailure(error: unknown, database: string): unknown {
  if (isUnstorable(error)) return platformErrors.failure('invalid-request', 'A text of the request has the character U+0000 or half of a surrogate pair, which can’t be stored.', { cause: error });
  return isUnreachable(error) ? platformErrors.failure('service-unavailable', `The ${database} database is out of reach.`, { retryAfter: 1, cause: error }) : error;
}

/**
 * Turns the violation of a named constraint into the failure it means; rethrows anything else.
 * `await insert().catch(onConstraint({ logins_user_name_key: () => errors.failure('user-name-taken', …) }))`
 */
export function onConstraint(meanings: Record<string, () => Failure>): (error: unknown) => never {
  return (error) => {
    const constraint = (error as PostgresError | undefined)?.constraint;
    const meaning = constraint === undefined ? undefined : meanings[constraint];
    throw meaning === undefined ? error : meaning();
  };
}
