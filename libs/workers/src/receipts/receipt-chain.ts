import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Queryable, Transaction } from '#libs/platform/database';
import { DataKeys } from '#libs/platform/keys';
import { receiptKey, signReceipt, type PublicReceiptKey, type Receipt, type ReceiptContent } from '#libs/platform/receipts';
import { ReceiptKeysRepository } from './receipt-keys.repository.js';
import { ReceiptsRepository } from './receipts.repository.js';

/**
 * Where receipts are issued. Each is appended and signed in the transaction of what it is about: both commit, or neither. One
 * at a time, so that the chain has neither a gap nor a fork, whoever issues at once.
 */
@Injectable()
export class ReceiptChain {
  constructor(
    private readonly receipts: ReceiptsRepository,
    private readonly keys: ReceiptKeysRepository,
    private readonly dataKeys: DataKeys,
  ) {}

  /** Call it as late in the transaction as possible: until its end nobody else issues one. */
  async append(tx: Transaction, content: ReceiptContent): Promise<Receipt> {
    await this.receipts.lockChain(tx);
    const signer = await this.signer(tx);
    const last = await this.receipts.last(tx);
    const { receipt, text } = signReceipt(content, { sequence: (last?.sequence ?? 0) + 1, previous: last?.hash ?? null }, signer);
    await this.receipts.insert(tx, receipt, text);
    return receipt;
  }

  /** Every key there ever was, newest first: old receipts stay verifiable. */
  async published(on: Queryable): Promise<PublicReceiptKey[]> {
    return (await this.keys.list(on)).map(({ kid, publicKey }) => ({ kty: 'OKP', crv: 'Ed25519', x: publicKey, kid, alg: 'EdDSA', use: 'sig' }));
  }

  /** Makes a key that signs from now on. */
  async rotate(tx: Transaction): Promise<{ kid: string; createdAt: string }> {
    await this.receipts.lockChain(tx);
    const kid = uuidv7();
    const { kid: made, createdAt } = await this.keys.insert(tx, kid, receiptKey(this.dataKeys.for('erasure receipts'), kid).publicKey.x);
    return { kid: made, createdAt };
  }

  /** The newest key, or a new one where there is none or the service's secret is another than it was made from. */
  private async signer(tx: Transaction) {
    const newest = await this.keys.newest(tx);
    if (newest !== undefined) {
      const { privateKey, publicKey } = receiptKey(this.dataKeys.for('erasure receipts'), newest.kid);
      if (publicKey.x === newest.publicKey) return { kid: newest.kid, privateKey };
    }
    const { kid } = await this.rotate(tx);
    return { kid, privateKey: receiptKey(this.dataKeys.for('erasure receipts'), kid).privateKey };
  }
}
