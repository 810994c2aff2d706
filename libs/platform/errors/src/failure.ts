/**
 * The few kinds of things that go wrong. A surface turns a kind into its own dialect (for HTTP: a status) in one
 * exhaustive `switch`; nothing below the surfaces knows HTTP.
 */
export type FailureKind =
  | 'invalid' // the request is malformed or breaks a rule that its sender can read about
  | 'unauthenticated' // nobody, or nobody we know
  | 'forbidden' // somebody we know, who may not
  | 'not-found'
  | 'method-not-allowed' // there is something, but not for this verb
  | 'unsupported-media-type'
  | 'conflict' // against the present state; the same request may succeed later
  | 'gone' // erased, and not to be brought back
  | 'too-large'
  | 'unprocessable' // well-formed, but at odds with an earlier request (idempotency key reused)
  | 'too-many' // throttled
  | 'unavailable' // a part that is needed is out of reach; trying again is harmless
  | 'internal'; // our mistake

/** One thing that is wrong, and where: `path` in the sender's own words, as in `users[3].profile.joined`. */
export interface FailureDetail {
  path: string;
  message: string;
}

/** A failure as data, the form in which it crosses the wire. Never holds a stack or personal data in `message`. */
export interface FailureValue {
  kind: FailureKind;
  /** Stable, kebab-case, owned by the service that answers it: `user-not-found`. */
  code: string;
  /** One sentence for the developer who reads the answer. */
  message: string;
  details?: FailureDetail[];
  /** Seconds after which a retry may succeed (`too-many`, `unavailable`). */
  retryAfter?: number;
}

/** Carries a `FailureValue` up the stack of the process it was born in; a message boundary unwraps it. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(readonly value: FailureValue, options?: { cause?: unknown }) {
    super(`${value.code}: ${value.message}`, options);
  }
}

/** True for a failure of the given code, or of any when none is given. */
export function isFailure(error: unknown, code?: string): error is Failure {
  return error instanceof Failure && (code === undefined || error.value.code === code);
}
