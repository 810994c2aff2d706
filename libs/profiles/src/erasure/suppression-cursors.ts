import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { DataKeys } from '#libs/platform/keys';

const tagBytes = 12;
const placeBytes = 8 + 32;

/** A place in the list of suppressions: the last name of a page. */
export interface SuppressionPosition {
  /** ISO 8601, to the millisecond, as the table keeps it. */
  suppressedAt: string;
  /** Hexadecimal. */
  nameHash: string;
}

/** Cursors of the list of suppressions, with a tag that ties each to its realm. */
@Injectable()
export class SuppressionCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  seal({ suppressedAt, nameHash }: SuppressionPosition, realmId: string): string {
    const time = Buffer.alloc(8);
    time.writeBigInt64BE(BigInt(Date.parse(suppressedAt)));
    const place = Buffer.concat([time, Buffer.from(nameHash, 'hex')]);
    return Buffer.concat([this.tag(place, realmId), place]).toString('base64url');
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, realmId: string): SuppressionPosition {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(tagBytes);
    const isOurs = place.length === placeBytes && bytes.toString('base64url') === cursor;
    if (!isOurs || !timingSafeEqual(bytes.subarray(0, tagBytes), this.tag(place, realmId))) {
      throw profiles.profilesErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    }
    return { suppressedAt: new Date(Number(place.readBigInt64BE())).toISOString(), nameHash: place.subarray(8).toString('hex') };
  }

  private tag(place: Buffer, realmId: string): Buffer {
    return createHmac('sha256', this.dataKeys.for('profiles suppression cursors')).update(place).update(realmId.toLowerCase()).digest().subarray(0, tagBytes);
  }
}
