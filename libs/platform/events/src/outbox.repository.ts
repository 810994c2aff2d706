import type { Queryable, Transaction } from '#libs/platform/database';
import { sql } from '#libs/platform/database';
import type { Acknowledged } from './event-transport.js';
import type { StoredEvent } from './stored-event.js';

/** A row of the outbox as the relay reads it. */
export interface OutboxEntry extends StoredEvent {
  sequence: number;
}

/** What relays remember between them; see `RelayState`. */
export interface RelayMemory {
  storeCreated: string | null;
  republishAfter: number;
  republishThrough: number;
  acknowledged: Acknowledged | null;
}

const columns = 'sequence, id, type, data, occurred_at AS "occurredAt", request_id AS "requestId", traceparent';

const append = sql(
  'outbox.append',
  `INSERT INTO outbox (id, type, data, request_id, traceparent)
   SELECT new.id, new.type, new.data::jsonb, new.request_id, new.traceparent
   FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS new (id, type, data, request_id, traceparent, place) ORDER BY new.place`,
);
// A sub-select, which is looked up by hash: an array would be gone through for each row.
const unpublished = sql('outbox.unpublished', `SELECT ${columns} FROM outbox WHERE published_at IS NULL AND sequence > $3 AND sequence NOT IN (SELECT unnest($1::bigint[])) ORDER BY sequence LIMIT $2`);
const horizon = sql(
  'outbox.horizon',
  `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'sequence')::regclass), 0) AS drawn, pg_snapshot_xmin(seen)::text::bigint AS oldest, pg_snapshot_xmax(seen)::text::bigint AS next FROM pg_current_snapshot() AS seen`,
);
const markPublished = sql('outbox.mark_published', 'UPDATE outbox SET published_at = now() WHERE sequence = ANY (ARRAY(SELECT unnest($1::bigint[]))) AND published_at IS NULL');
// In one statement: of both or neither a server that crashes has forgotten.
const markStored = sql('outbox.mark_stored', `WITH noted AS (UPDATE relay_state SET acknowledged_sequence = $2, acknowledged_id = $3) UPDATE outbox SET published_at = now() WHERE sequence = ANY (ARRAY(SELECT unnest($1::bigint[]))) AND published_at IS NULL`);
const published = sql('outbox.published', `SELECT ${columns} FROM outbox WHERE published_at IS NOT NULL AND sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3`);
const remember = sql(
  'relay_state.get',
  `SELECT store_created AS "storeCreated", republish_after AS "republishAfter", republish_through AS "republishThrough",
     CASE WHEN acknowledged_id IS NOT NULL THEN jsonb_build_object('sequence', acknowledged_sequence, 'messageId', acknowledged_id) END AS acknowledged FROM relay_state`,
);
const storeReplaced = sql(
  'relay_state.store_replaced',
  'UPDATE relay_state SET store_created = $1, republish_after = 0, republish_through = (SELECT coalesce(max(sequence), 0) FROM outbox WHERE published_at IS NOT NULL), acknowledged_sequence = NULL, acknowledged_id = NULL',
);
const republished = sql('relay_state.republished', 'UPDATE relay_state SET republish_after = $1, acknowledged_sequence = $2, acknowledged_id = $3');

/** All SQL of `outbox` and `relay_state` but for their upkeep. */
export const outboxRepository = {
  append(tx: Transaction, events: readonly { id: string; type: string; data: string; requestId: string; traceparent: string | null }[]): void {
    const of = (column: (event: (typeof events)[number]) => string | null) => events.map(column);
    tx.send(append, [of(({ id }) => id), of(({ type }) => type), of(({ data }) => data), of(({ requestId }) => requestId), of(({ traceparent }) => traceparent)]);
  },

  /** The oldest rows after `floor` that wait to be published, but for those which are being so. */
  async unpublished(on: Queryable, butFor: readonly number[], limit: number, floor: number): Promise<OutboxEntry[]> {
    return on.query<OutboxEntry>(unpublished, [butFor, limit, floor]);
  },

  /** The highest sequence that was drawn; the oldest transaction, of anybody on the server, that has not ended; and the one that begins next. */
  async horizon(on: Queryable): Promise<{ drawn: number; oldest: number; next: number }> {
    const [row] = await on.query<{ drawn: number; oldest: number; next: number }>(horizon);
    if (row === undefined) throw new Error('a statement without a condition has found nothing');
    return row;
  },

  /** @param acknowledged what the store has acknowledged by now, where there is one */
  async markPublished(on: Queryable, sequences: readonly number[], acknowledged?: Acknowledged): Promise<void> {
    if (acknowledged === undefined) await on.execute(markPublished, [sequences]);
    else await on.execute(markStored, [sequences, acknowledged.sequence, acknowledged.messageId]);
  },

  async published(on: Queryable, after: number, through: number, limit: number): Promise<OutboxEntry[]> {
    return on.query<OutboxEntry>(published, [after, through, limit]);
  },

  async relayMemory(on: Queryable): Promise<RelayMemory> {
    const [memory] = await on.query<RelayMemory>(remember);
    if (memory === undefined) throw new Error('relay_state has lost its row');
    return memory;
  },

  /** From now on all that was published has to be published again, to the store made at `storeCreated`. */
  async startRepublishing(on: Queryable, storeCreated: string): Promise<void> {
    await on.execute(storeReplaced, [storeCreated]);
  },

  async republishedTo(on: Queryable, sequence: number, acknowledged?: Acknowledged): Promise<void> {
    await on.execute(republished, [sequence, acknowledged?.sequence ?? null, acknowledged?.messageId ?? null]);
  },
};
