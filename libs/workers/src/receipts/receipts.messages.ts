import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListReceipts } from './list-receipts.js';
import { ReceiptChain } from './receipt-chain.js';
import { RotateReceiptKey } from './rotate-receipt-key.js';
import { VerifyReceipts } from './verify-receipts.js';

@Injectable()
export class ReceiptsMessages {
  constructor(
    private readonly database: Database,
    private readonly listReceipts: ListReceipts,
    private readonly verifyReceipts: VerifyReceipts,
    private readonly rotateReceiptKey: RotateReceiptKey,
    private readonly chain: ReceiptChain,
  ) {}

  @Handles(operations.listReceipts)
  async list(...[request]: HandlerArguments<typeof operations.listReceipts>) {
    return this.listReceipts.list(request);
  }

  @Handles(operations.walkReceipts)
  async walk(...[request]: HandlerArguments<typeof operations.walkReceipts>) {
    return this.listReceipts.walk(request);
  }

  @Handles(operations.getReceipt)
  async get(...[request]: HandlerArguments<typeof operations.getReceipt>) {
    return this.listReceipts.get(request);
  }

  @Handles(operations.verifyReceipts)
  async verify() {
    return this.verifyReceipts.verify();
  }

  @Handles(operations.listReceiptKeys)
  async listKeys() {
    return { keys: await this.chain.published(this.database) };
  }

  @Handles(operations.rotateReceiptKey)
  async rotateKey(...[request, context]: HandlerArguments<typeof operations.rotateReceiptKey>) {
    return this.rotateReceiptKey.rotate(request, context);
  }
}
