import { v7 as uuidv7 } from 'uuid';
import { sql, type Transaction } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';

export interface AuditActor {
  readonly type: 'user' | 'credential' | 'system';
  readonly id: string;
}

/** What somebody did. Names only, never a value: what is not in the trail need not be erased from it. */
export interface NewAuditEntry {
  readonly actor: AuditActor;
  /** `thing.happened`: `api-key.created`. */
  readonly action: string;
  /** To whom or to what. A `user`'s id is replaced by a keyed hash when the user is erased; other ids stay. */
  readonly target: { readonly type: string; readonly id: string };
  /** Where: an organisation, a project (whose organisation the collection finds), or, with neither, the deployment. */
  readonly organisationId?: string | null;
  readonly projectId?: string | null;
  /** Names of the changed fields that had a value before; absent: none. */
  readonly before?: readonly string[];
  /** Names of the changed fields that have a value since; absent: none. */
  readonly after?: readonly string[];
}

const append = sql(
  'audit_entries.append',
  `INSERT INTO audit_entries (entry_id, actor_type, actor_id, action, target_type, target_id, organisation_id, project_id, before_fields, after_fields, request_id, surface, address)
   SELECT (one ->> 'entryId')::uuid, one #>> '{actor,type}', one #>> '{actor,id}', one ->> 'action', one #>> '{target,type}', one #>> '{target,id}',
          (one ->> 'organisationId')::uuid, (one ->> 'projectId')::uuid,
          ARRAY(SELECT jsonb_array_elements_text(one -> 'before')), ARRAY(SELECT jsonb_array_elements_text(one -> 'after')), one ->> 'requestId', one ->> 'surface', one ->> 'address'
   FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS new (one, place) ORDER BY place`,
);

/** Where every administrative action leaves its row. It needs nothing but the transaction, so that it is no dependency. */
export const auditTrail = {
  /**
   * Appends what was done, with one INSERT, in the transaction that does it: both commit, or neither. Who was served by
   * which surface from which address comes with the context.
   */
  async append(tx: Transaction, context: CallContext, ...entries: readonly NewAuditEntry[]): Promise<void> {
    await this.appendEach(tx, entries.map((entry) => ({ context, entry })));
  },

  /** As `append`, for what several requests did in one transaction. */
  async appendEach(tx: Transaction, done: readonly { readonly context: CallContext; readonly entry: NewAuditEntry }[]): Promise<void> {
    if (done.length === 0) return;
    const rows = done.map(({ context: { requestId, origin }, entry }) => ({ before: [], after: [], ...entry, entryId: uuidv7(), requestId, surface: origin?.surface, address: origin?.address }));
    tx.send(append, [JSON.stringify(rows)]);
  },
};
