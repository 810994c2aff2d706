import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import type { RequestInput, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

/** Receipts that one message of a download holds; the largest has the hashes of 1,000 users. */
const downloadedAtATime = 50;

/** Receipts of erasures and removals, each as the text whose every byte counts. */
@Injectable()
export class Receipts {
  constructor(private readonly rpc: RpcClient) {}

  /** Newest first. */
  list(question: RequestInput<typeof operations.listReceipts>, requestId: string): Promise<ResponseOf<typeof operations.listReceipts>> {
    return this.rpc.call(operations.listReceipts, question, { requestId });
  }

  /** @throws Failure `receipt-not-found` */
  async get(sequence: number, requestId: string): Promise<string> {
    return (await this.rpc.call(operations.getReceipt, { sequence }, { requestId })).receipt;
  }

  verify(requestId: string): Promise<ResponseOf<typeof operations.verifyReceipts>> {
    return this.rpc.call(operations.verifyReceipts, {}, { requestId });
  }

  /** The chain after a place in it, one receipt a line. The first lines are there when this has answered. */
  async download(after: number, requestId: string): Promise<AsyncIterable<string>> {
    const read = (place: number) => this.rpc.call(operations.walkReceipts, { after: place, limit: downloadedAtATime }, { requestId });
    return linesFrom(await read(after), read);
  }
}

type Page = ResponseOf<typeof operations.walkReceipts>;

async function* linesFrom(first: Page, read: (after: number) => Promise<Page>): AsyncIterable<string> {
  for (let page = first; page.lastSequence !== null; page = await read(page.lastSequence)) yield page.receipts.map((receipt) => `${receipt}\n`).join('');
}
