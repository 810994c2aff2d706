import { sql, type Queryable } from '#libs/platform/database';
import type { AuditActor } from './audit-trail.js';

/** An entry as it is handed to the collection. */
export interface StoredAuditEntry {
  entryId: string;
  /** ISO 8601, the clock of the service's database. */
  occurredAt: string;
  actor: AuditActor;
  action: string;
  target: { type: string; id: string };
  organisationId: string | null;
  projectId: string | null;
  before: string[];
  after: string[];
  requestId: string;
  surface: string | null;
  address: string | null;
}

// By the order of appending, but never from a place on: a transaction that commits late has a lower number than what was
// seen before it.
const pending = sql(
  'audit_entries.pending',
  `SELECT entry_id AS "entryId", occurred_at AS "occurredAt", jsonb_build_object('type', actor_type, 'id', actor_id) AS actor, action,
          jsonb_build_object('type', target_type, 'id', target_id) AS target, organisation_id AS "organisationId", project_id AS "projectId",
          before_fields AS before, after_fields AS after, request_id AS "requestId", surface, address
   FROM audit_entries ORDER BY sequence LIMIT $1`,
);
const settle = sql('audit_entries.settle', 'DELETE FROM audit_entries WHERE entry_id = ANY ($1::uuid[])');

/** The other end of the trail: what the collection has not taken yet. */
export const auditEntriesRepository = {
  /** The oldest entries. They come again until they are settled. */
  async pending(on: Queryable, limit: number): Promise<StoredAuditEntry[]> {
    return on.query<StoredAuditEntry>(pending, [limit]);
  },

  /** Lets go of entries that the collection has committed. Again is harmless. */
  async settle(on: Queryable, entryIds: readonly string[]): Promise<void> {
    await on.execute(settle, [entryIds]);
  },
};
