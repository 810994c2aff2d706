import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { DataKeys, readCursor, signCursor } from '#libs/platform/keys';

const purpose = 'profiles user list cursors';
const placeBytes = 8;

/** Cursors of lists in the order of insertion: the sequence number of the last row of a page. One of another list or direction, or changed by hand, is refused. */
@Injectable()
export class InsertionCursors {
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
    if (place === null) throw profiles.profilesErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    return Number(place.readBigInt64BE());
  }
}
