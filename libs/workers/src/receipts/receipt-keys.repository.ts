import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';
import type { ReceiptKey } from './receipt-key.entity.js';

const columns = 'kid, public_key AS "publicKey", created_at AS "createdAt"';
const list = sql('receipt_keys.list', `SELECT ${columns} FROM receipt_keys ORDER BY created_at DESC, kid DESC`);
const newest = sql('receipt_keys.newest', `SELECT ${columns} FROM receipt_keys ORDER BY created_at DESC, kid DESC LIMIT 1`);
const insert = sql('receipt_keys.insert', `INSERT INTO receipt_keys (kid, public_key, created_at) VALUES ($1, $2, clock_timestamp()) RETURNING ${columns}`);

/** All SQL of `receipt_keys`. */
@Injectable()
export class ReceiptKeysRepository {
  /** Newest first. */
  async list(on: Queryable): Promise<ReceiptKey[]> {
    return on.query<ReceiptKey>(list);
  }

  async newest(on: Queryable): Promise<ReceiptKey | undefined> {
    return (await on.query<ReceiptKey>(newest))[0];
  }

  async insert(tx: Transaction, kid: string, publicKey: string): Promise<ReceiptKey> {
    return (await tx.query<ReceiptKey>(insert, [kid, publicKey]))[0]!;
  }
}
