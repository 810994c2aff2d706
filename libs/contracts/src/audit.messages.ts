import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from './values.js';

/** What somebody did: names and ids, never a value. */
export const auditEntry = z.object({
  /** UUIDv7; the same in the service that wrote it and in the collection. */
  entryId: id,
  occurredAt: timestamp,
  /** The id of a user who was erased is a keyed hash: `erased:…`. */
  actor: z.object({ type: actor.shape.type, id: z.string() }),
  /** `thing.happened`. */
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string() }),
  organisationId: id.nullable(),
  projectId: id.nullable(),
  /** Names of the changed fields that had a value before, and of those that have one since. */
  before: z.array(z.string()),
  after: z.array(z.string()),
  requestId: z.string(),
  /** Null for what no request asked for. */
  surface: z.string().nullable(),
  address: z.string().nullable(),
});
export type AuditEntry = z.output<typeof auditEntry>;

/** How a service hands its entries to the collection: they come again until they are settled. */
function auditMessages(service: string) {
  return {
    /** The oldest entries that are not settled. */
    pending: defineMessage({
      subject: `${service}.audit.pending`,
      request: z.object({ limit: z.number().int().min(1).max(1_000) }),
      response: z.object({ entries: z.array(auditEntry) }),
      deadlineMs: 2_000,
    }),
    /** The collection has committed these: the service lets go of them. Idempotent. */
    settle: defineMessage({
      subject: `${service}.audit.settle`,
      request: z.object({ entryIds: z.array(id).min(1).max(1_000) }),
      response: z.object({}),
      deadlineMs: 2_000,
    }),
  };
}

/** Every service that writes audit entries. */
export const auditSources = {
  identity: auditMessages('identity'),
  profiles: auditMessages('profiles'),
  membership: auditMessages('membership'),
  operations: auditMessages('operations'),
};
