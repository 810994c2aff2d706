import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { DataKeys, readCursor, signCursor } from '#libs/platform/keys';

const purpose = 'audit cursors';
const placeBytes = 8;

/** Cursors of the audit trail: a place in the order of collection, tied to the question. */
@Injectable()
export class AuditCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param question whatever has to be the same on every page */
  seal(seq: number, question: unknown): string {
    const place = Buffer.alloc(placeBytes);
    place.writeBigInt64BE(BigInt(seq));
    return signCursor(this.dataKeys.for(purpose), place, JSON.stringify(question));
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, question: unknown): number {
    const place = readCursor(this.dataKeys.for(purpose), cursor, JSON.stringify(question), placeBytes);
    if (place === null) throw operations.operationsErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    return Number(place.readBigInt64BE());
  }
}
