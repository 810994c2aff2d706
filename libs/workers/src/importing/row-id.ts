import { createHash } from 'node:crypto';
import type { operations } from '#libs/contracts';

/**
 * An id that follows from the import and the line: what is made from the row has it, however often the row is read. In the
 * form of a UUIDv7 of the import's time, and in the order of lines, so that new rows of an index stand beside one another.
 */
export function rowId({ importId, createdAt }: Pick<operations.ImportJob, 'importId' | 'createdAt'>, line: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Date.parse(createdAt), 0, 6);
  // 12 bits of version 7 and 30 of the variant hold the line, and 32 what tells imports apart.
  bytes.writeUInt16BE(0x7000 | (Math.floor(line / 2 ** 30) & 0xfff), 6);
  bytes.writeUInt32BE((0x80000000 | (line % 2 ** 30)) >>> 0, 8);
  createHash('sha256').update(importId).digest().copy(bytes, 12, 0, 4);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
