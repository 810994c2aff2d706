import type { ErrorCode } from './api.data.js';

/** Codes of this client's own: no answer came, or not the whole of it, or one that leads elsewhere. */
export type ClientErrorCode = 'network-error' | 'timeout' | 'redirected' | 'answer-unreadable' | 'answer-cut-off';

/** What the surface says is wrong at one place of the request: `users[3].profile.joined`; an empty path is the whole. */
export interface ErrorDetail {
  path: string;
  message: string;
}

interface Facts {
  /** `POST /v1/users`, as it is in the API reference. */
  endpoint: string;
  /** Of the answer; 0: there was none. */
  status: number;
  code: string;
  message: string;
  requestId?: string | undefined;
  details?: readonly ErrorDetail[] | undefined;
  /** Seconds, by `Retry-After`. */
  retryAfter?: number | undefined;
  /** The answer as it came. */
  body?: unknown;
  cause?: unknown;
}

/** A call that was refused, or that got no answer. Every surface's own words for it are read into these fields. */
export class RollcallError extends Error {
  override readonly name = 'RollcallError';
  readonly endpoint: string;
  /** HTTP status; 0 where no answer came, and in a page where it was a redirect. */
  readonly status: number;
  /** For programs; every code has a page below `/docs/errors/`. The engagement surface has none: there the status decides (`not-found`, `conflict` …). */
  readonly code: ErrorCode | ClientErrorCode | (string & Record<never, never>);
  /** `X-Request-Id` of the answer: name it when you ask for help. */
  readonly requestId: string | undefined;
  readonly details: readonly ErrorDetail[];
  /** Seconds after which the same call may be let in. */
  readonly retryAfter: number | undefined;
  /** What was answered, as it came. */
  readonly body: unknown;

  constructor({ endpoint, status, code, message, requestId, details = [], retryAfter, body, cause }: Facts) {
    super(message, cause === undefined ? undefined : { cause });
    this.endpoint = endpoint;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.details = details;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/** Whether it is a refusal or a failure of a call; with a code: that one. Works across copies of this package too. */
export function isRollcallError(error: unknown, code?: ErrorCode | ClientErrorCode): error is RollcallError {
  return error instanceof Error && error.name === 'RollcallError' && (code === undefined || (error as RollcallError).code === code);
}

/** Reads a refusal in whichever words its surface has for it. @param text the answer's body */
export function refusalOf(endpoint: string, { status, headers }: { status: number; headers: Headers }, text: string): RollcallError {
  const body = parsed(text);
  const { code, message, details, requestId } = wordsOf(body);
  return new RollcallError({
    endpoint,
    status,
    code: code ?? codesOfStatuses[status] ?? (status >= 500 ? 'internal-error' : 'invalid-request'),
    message: message ?? `${endpoint} was answered with ${status}.`,
    requestId: headers.get('x-request-id') ?? requestId,
    details,
    retryAfter: secondsOf(headers.get('retry-after')),
    body: body ?? text,
  });
}

const codesOfStatuses: Readonly<Record<number, string>> = { 400: 'invalid-request', 401: 'credentials-invalid', 403: 'permission-missing', 404: 'not-found', 405: 'method-not-allowed', 409: 'conflict', 410: 'user-erased', 413: 'body-too-large', 415: 'unsupported-media-type', 422: 'idempotency-key-reused', 429: 'too-many-requests', 503: 'service-unavailable' };

interface Words {
  code?: string | undefined;
  message?: string | undefined;
  details?: ErrorDetail[] | undefined;
  requestId?: string | undefined;
}

function wordsOf(body: unknown): Words {
  if (!isRecord(body)) return {};
  const { error } = body;
  // A: {"error":{"code","message","details"}}
  if (isRecord(error)) return { code: textOf(error['code']), message: textOf(error['message']), details: detailsOf(error['details']), requestId: textOf(error['request_id']) };
  // OAuth (RFC 6749): {"error":"invalid_client","error_description"}; the codes are ours with underscores.
  if (typeof error === 'string' && 'error_description' in body) return { code: error.replaceAll('_', '-'), message: textOf(body['error_description']) };
  // B: {"error":"One sentence.","details"}
  if (typeof error === 'string') return { message: error, details: detailsOf(body['details']) };
  // C and D: problem details (RFC 9457)
  return { code: textOf(body['code']), message: textOf(body['detail']) ?? textOf(body['title']), details: detailsOf(body['errors']), requestId: textOf(body['request_id']) };
}

function detailsOf(value: unknown): ErrorDetail[] | undefined {
  return Array.isArray(value) ? value.filter((one): one is ErrorDetail => isRecord(one) && typeof one['path'] === 'string' && typeof one['message'] === 'string') : undefined;
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, 10.2.3). */
function secondsOf(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
