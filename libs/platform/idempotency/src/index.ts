export { createIdempotencyKeys, dropIdempotencyKeys, idempotencyEntities } from './database/tables.js';
export { Idempotency, withoutIdempotency, type Claim, type Once } from './idempotency.js';
export type { Reference } from './idempotency-keys.repository.js';
export { trimIdempotencyKeys } from './trim-idempotency-keys.js';
