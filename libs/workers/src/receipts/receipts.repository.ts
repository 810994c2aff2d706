import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { Receipt } from '#libs/platform/receipts';
import type { ReceiptRow } from './receipt.entity.js';

export type StoredReceipt = Pick<ReceiptRow, 'sequence' | 'kind' | 'realmId' | 'erasureId' | 'document' | 'removalSequence'>;

/** Which receipts. `realmId` and `organisationId` leave those of removals out, since they are of neither. */
export interface ReceiptFilter {
  realmId?: string | undefined;
  /** Of the erasures of its staff. */
  organisationId?: string | undefined;
  kind?: Receipt['kind'] | undefined;
}

/** Any number that is ours in this database: receipts are appended one at a time. */
const chainLock = 7_245_301;

const columns = `sequence, kind, realm_id AS "realmId", erasure_id AS "erasureId", document, removal_sequence AS "removalSequence"`;
const lock = sql('receipts.lock', 'SELECT pg_advisory_xact_lock($1)');
const last = sql('receipts.last', 'SELECT sequence, hash FROM receipts ORDER BY sequence DESC LIMIT 1');
const insert = sql(
  'receipts.insert',
  `INSERT INTO receipts (sequence, kind, realm_id, erasure_id, hash, previous, document, issued_at, bytes_until) VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), $8)`,
);
const get = sql('receipts.get', `SELECT ${columns} FROM receipts WHERE sequence = $1`);
const ofErasure = sql('receipts.of-erasure', `SELECT ${columns} FROM receipts WHERE erasure_id = $1`);
const walk = sql('receipts.walk', `SELECT ${columns} FROM receipts WHERE sequence > $1 ORDER BY sequence LIMIT $2`);
const unconfirmed = sql(
  'receipts.unconfirmed',
  `SELECT sequence, bytes_until AS "bytesUntil", bytes_until < now() AS "isLate", issued_at < now() - make_interval(secs => $1) AS "isDue"
   FROM receipts WHERE kind = 'erasure' AND removal_sequence IS NULL ORDER BY sequence LIMIT $2`,
);
const confirm = sql('receipts.confirm', 'UPDATE receipts SET removal_sequence = $1 WHERE sequence = ANY ($2::bigint[]) AND removal_sequence IS NULL');

/** All SQL of `receipts`. */
@Injectable()
export class ReceiptsRepository {
  /** From here to the end of the transaction nobody else appends to the chain, so that it has no gap and no fork. */
  async lockChain(tx: Transaction): Promise<void> {
    await tx.query(lock, [chainLock]);
  }

  /** The end of the chain; undefined when there is none. */
  async last(on: Queryable): Promise<{ sequence: number; hash: string } | undefined> {
    return (await on.query<{ sequence: number; hash: string }>(last))[0];
  }

  async insert(tx: Transaction, receipt: Receipt, document: string): Promise<void> {
    const ofErasure = receipt.kind === 'erasure' ? [receipt.project_id, receipt.erasure_id] : [null, null];
    await tx.execute(insert, [receipt.sequence, receipt.kind, ...ofErasure, receipt.hash, receipt.previous, document, receipt.kind === 'erasure' ? receipt.left.bytes_until : null]);
  }

  async get(on: Queryable, sequence: number): Promise<StoredReceipt | undefined> {
    return (await on.query<StoredReceipt>(get, [sequence]))[0];
  }

  async ofErasure(on: Queryable, erasureId: string): Promise<StoredReceipt | undefined> {
    return (await on.query<StoredReceipt>(ofErasure, [erasureId]))[0];
  }

  /** Those after a place in the chain, in its order. */
  async walk(on: Queryable, after: number, limit: number): Promise<StoredReceipt[]> {
    return on.query<StoredReceipt>(walk, [after, limit]);
  }

  /** Newest first. @param before a sequence; absent: from the newest */
  async list(on: Queryable, { realmId, organisationId, kind }: ReceiptFilter, before: number | undefined, limit: number): Promise<StoredReceipt[]> {
    const given = [
      ['realm_id = ?', realmId],
      ['erasure_id IN (SELECT erasure_id FROM erasure_organisations WHERE organisation_id = ?)', organisationId],
      ['kind = ?', kind],
      ['sequence < ?', before],
    ].filter((one): one is [string, string | number] => one[1] !== undefined);
    const where = given.map(([condition], index) => condition.replace('?', `$${index + 2}`)).join(' AND ');
    return on.query<StoredReceipt>(`SELECT ${columns} FROM receipts ${where === '' ? '' : `WHERE ${where}`} ORDER BY sequence DESC LIMIT $1`, [limit, ...given.map(([, value]) => value)]);
  }

  /** Erasures whose bytes nobody has removed yet, oldest first. @param seconds after which one is due */
  async unconfirmed(on: Queryable, seconds: number, limit: number): Promise<{ sequence: number; bytesUntil: string; isDue: boolean; isLate: boolean }[]> {
    return on.query(unconfirmed, [seconds, limit]);
  }

  async confirm(tx: Transaction, removal: number, sequences: readonly number[]): Promise<void> {
    await tx.execute(confirm, [removal, sequences]);
  }
}
