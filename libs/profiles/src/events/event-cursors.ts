import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { DataKeys } from '#libs/platform/keys';

import type { EventPosition } from './events.repository.js';

const tagBytes = 12;

/**
 * Cursors of time lines: where a page ended, with a tag that ties it to the question it answers. A cursor shown with
 * another user or filter, or changed by hand, is refused rather than answered with the wrong page.
 */
@Injectable()
export class EventCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param question whatever has to be the same on every page */
  seal({ occurredAt, seq }: EventPosition, question: unknown): string {
    const place = Buffer.alloc(16);
    place.writeBigInt64BE(BigInt(Date.parse(occurredAt)));
    place.writeBigInt64BE(BigInt(seq), 8);
    return Buffer.concat([this.tag(place, question), place]).toString('base64url');
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, question: unknown): EventPosition {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(tagBytes);
    const isOurs = place.length === 16 && bytes.toString('base64url') === cursor;
    if (!isOurs || !timingSafeEqual(bytes.subarray(0, tagBytes), this.tag(place, question))) {
      throw profiles.profilesErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    }
    return { occurredAt: new Date(Number(place.readBigInt64BE())).toISOString(), seq: Number(place.readBigInt64BE(8)) };
  }

  private tag(place: Buffer, question: unknown): Buffer {
    return createHmac('sha256', this.dataKeys.for('profiles event cursors')).update(place).update(JSON.stringify(question)).digest().subarray(0, tagBytes);
  }
}
