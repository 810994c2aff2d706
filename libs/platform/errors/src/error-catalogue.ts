import { Failure, type FailureDetail, type FailureKind } from './failure.js';

/** The codes that one owner may answer, each with its kind. */
export type ErrorCatalogue<Codes extends Record<string, FailureKind>> = {
  readonly kinds: Codes;
  /** Makes the failure `code`; its kind comes from the catalogue, so that one code is never two kinds. */
  failure(code: keyof Codes & string, message: string, more?: { details?: FailureDetail[]; retryAfter?: number; cause?: unknown }): Failure;
};

/** Declares the error codes that a service owns. */
export function defineErrors<const Codes extends Record<string, FailureKind>>(kinds: Codes): ErrorCatalogue<Codes> {
  return {
    kinds,
    failure(code, message, more = {}) {
      const { cause, ...rest } = more;
      return new Failure({ kind: kinds[code] as FailureKind, code, message, ...rest }, { cause });
    },
  };
}

/** Codes that any part may answer, because they are about the mechanism and not about users. */
export const platformErrors = defineErrors({
  'invalid-request': 'invalid',
  'service-unavailable': 'unavailable',
  'message-too-large': 'too-large',
  'idempotency-key-reused': 'unprocessable',
  'idempotency-key-in-use': 'conflict',
  'internal-error': 'internal',
});
