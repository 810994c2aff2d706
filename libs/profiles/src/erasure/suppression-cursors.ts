import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { DataKeys, readCursor, signCursor } from '#libs/platform/keys';

const purpose = 'profiles suppression cursors';
const placeBytes = 8 + 32;

/** A place in the list of suppressions: the last name of a page. */
export interface SuppressionPosition {
  /** ISO 8601, to the millisecond, as the table keeps it. */
  suppressedAt: string;
  /** Hexadecimal. */
  nameHash: string;
}

/** Cursors of the list of suppressions, each tied to its realm. */
@Injectable()
export class SuppressionCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  seal({ suppressedAt, nameHash }: SuppressionPosition, realmId: string): string {
    const time = Buffer.alloc(8);
    time.writeBigInt64BE(BigInt(Date.parse(suppressedAt)));
    return signCursor(this.dataKeys.for(purpose), Buffer.concat([time, Buffer.from(nameHash, 'hex')]), realmId.toLowerCase());
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, realmId: string): SuppressionPosition {
    const place = readCursor(this.dataKeys.for(purpose), cursor, realmId.toLowerCase(), placeBytes);
    if (place === null) throw profiles.profilesErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    return { suppressedAt: new Date(Number(place.readBigInt64BE())).toISOString(), nameHash: place.subarray(8).toString('hex') };
  }
}
