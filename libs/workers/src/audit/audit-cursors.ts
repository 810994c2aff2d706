import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { DataKeys } from '#libs/platform/keys';

const tagBytes = 12;

/** Cursors of the audit trail: a place in the order of collection, with a tag that ties it to the question. */
@Injectable()
export class AuditCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param question whatever has to be the same on every page */
  seal(seq: number, question: unknown): string {
    const place = Buffer.alloc(8);
    place.writeBigInt64BE(BigInt(seq));
    return Buffer.concat([this.tag(place, question), place]).toString('base64url');
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, question: unknown): number {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(tagBytes);
    const isOurs = place.length === 8 && bytes.toString('base64url') === cursor;
    if (!isOurs || !timingSafeEqual(bytes.subarray(0, tagBytes), this.tag(place, question))) {
      throw operations.operationsErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    }
    return Number(place.readBigInt64BE());
  }

  private tag(place: Buffer, question: unknown): Buffer {
    return createHmac('sha256', this.dataKeys.for('audit cursors')).update(place).update(JSON.stringify(question)).digest().subarray(0, tagBytes);
  }
}
