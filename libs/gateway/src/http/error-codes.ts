import { deadLetterErrors, identity, membership, operations, profiles } from '#libs/contracts';
import { platformErrors, type FailureKind } from '#libs/platform/errors';
import { httpErrors } from './http-errors.js';

/** Codes that consumers of events answer with when they are asked by operators (`libs/platform/events`). */
const consumerErrors = { 'consumer-unknown': 'conflict' } as const;

/** Every code that an answer may have, with its kind. Services that share a code agree about its kind. */
export const errorKinds = {
  ...platformErrors.kinds,
  ...httpErrors.kinds,
  ...consumerErrors,
  ...deadLetterErrors.kinds,
  ...identity.identityErrors.kinds,
  ...membership.membershipErrors.kinds,
  ...operations.operationsErrors.kinds,
  ...profiles.profilesErrors.kinds,
} satisfies Record<string, FailureKind>;

export type ErrorCode = keyof typeof errorKinds;

export const errorCodes = (Object.keys(errorKinds) as ErrorCode[]).sort();
