import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { DataKeys, readCursor, signCursor } from '#libs/platform/keys';
import type { EventPosition } from './events.repository.js';

const purpose = 'profiles event cursors';
const placeBytes = 16;

/**
 * Cursors of time lines: where a page ended. A cursor shown with another user or filter, or changed by hand, is refused
 * rather than answered with the wrong page.
 */
@Injectable()
export class EventCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param question whatever has to be the same on every page */
  seal({ occurredAt, seq }: EventPosition, question: unknown): string {
    const place = Buffer.alloc(placeBytes);
    place.writeBigInt64BE(BigInt(Date.parse(occurredAt)));
    place.writeBigInt64BE(BigInt(seq), 8);
    return signCursor(this.dataKeys.for(purpose), place, JSON.stringify(question));
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, question: unknown): EventPosition {
    const place = readCursor(this.dataKeys.for(purpose), cursor, JSON.stringify(question), placeBytes);
    if (place === null) throw profiles.profilesErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    return { occurredAt: new Date(Number(place.readBigInt64BE())).toISOString(), seq: Number(place.readBigInt64BE(8)) };
  }
}
