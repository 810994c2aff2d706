import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { operations } from '#libs/contracts';
import type { CallContext, RequestInput } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { readFile } from '../http/file-bodies.js';
import { withBody } from '../http/idempotency-key.js';
import { insist } from './insist.js';

type Order = Omit<RequestInput<typeof operations.beginImport>, 'importId'>;
type Which = { projectId: string; importId: string };

/** Hands files on to the workers, part after part: no more of one than a part is ever here, and its sender waits when the workers do. */
@Injectable()
export class Imports {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * @param announced bytes of the file, where its sender says
   * @returns the import; under an idempotency key that was used before, the one of then
   * @throws Failure as the file is refused; nothing of it stays then
   */
  async receive(order: Order, body: Readable, announced: number | undefined, context: CallContext): Promise<operations.ImportJob> {
    const { idempotency, ...plain } = context;
    const which = { projectId: order.projectId, importId: newId() };
    const { mostBytes } = await this.rpc.call(operations.beginImport, { ...which, ...order }, plain);
    try {
      if (announced !== undefined && announced > mostBytes) throw operations.operationsErrors.failure('import-too-large', `A file may have ${mostBytes / (1024 * 1024)} MiB.`);
      const { bytes, digest } = await this.send(which, body, plain);
      const submitted = { ...plain, ...(idempotency === undefined ? {} : { idempotency: withBody(idempotency, digest) }) };
      return await this.rpc.call(operations.submitImport, { ...which, bytes, actor: order.actor }, submitted);
    } catch (error) {
      // Should this fail too, the workers give it up when nothing comes for long.
      await this.rpc.call(operations.abandonImport, which, plain).catch(() => undefined);
      throw error;
    }
  }

  private async send(which: Which, body: Readable, context: CallContext): Promise<{ bytes: number; digest: string }> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const part of inParts(readFile(body))) {
      hash.update(part);
      const request = { ...which, offset: bytes, part: part.toString('base64') };
      await insist(() => this.rpc.call(operations.appendToImport, request, context));
      bytes += part.length;
    }
    return { bytes, digest: hash.digest('base64url') };
  }

  /** Mistakes, some at a time. The first ones are there when this has answered, so that what can go wrong at once goes wrong while there is still an answer to give. */
  async errors(which: Which, context: CallContext): Promise<AsyncIterable<operations.ImportError[]>> {
    const read = (after: number) => this.rpc.call(operations.readImportErrors, { ...which, after }, context);
    return pagesFrom(await read(0), read);
  }
}

type ErrorsPage = { errors: operations.ImportError[]; next: number | null };

async function* pagesFrom(first: ErrorsPage, read: (after: number) => Promise<ErrorsPage>): AsyncIterable<operations.ImportError[]> {
  for (let page = first; page.next !== null; page = await read(page.next)) yield page.errors;
}

/** What comes in pieces of any size, in parts of one size and a rest. */
async function* inParts(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const most = operations.importPartBytes;
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    held.push(piece);
    size += piece.length;
    if (size < most) continue;
    const whole = Buffer.concat(held);
    let at = 0;
    for (; whole.length - at >= most; at += most) yield whole.subarray(at, at + most);
    held = [whole.subarray(at)];
    size = whole.length - at;
  }
  if (size > 0) yield Buffer.concat(held);
}
