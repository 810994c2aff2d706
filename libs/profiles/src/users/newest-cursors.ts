import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { masterKeyConfig, type ConfigValues } from '#libs/platform/config';

const tagBytes = 12;

/**
 * Cursors of lists by insertion: the `seq` where a page ended, with a tag that ties it to the realm. One that was
 * changed, or given for another list, is refused.
 */
@Injectable()
export class NewestCursors {
  private readonly key: Buffer;

  constructor(@Inject(masterKeyConfig.token) config: ConfigValues<typeof masterKeyConfig>) {
    this.key = Buffer.from(hkdfSync('sha256', config.ROLLCALL_MASTER_KEY, '', 'rollcall profiles newest users cursors', 32));
  }

  seal(seq: number, realmId: string): string {
    const place = Buffer.alloc(8);
    place.writeBigInt64BE(BigInt(seq));
    return Buffer.concat([this.tag(place, realmId), place]).toString('base64url');
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, realmId: string): number {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(tagBytes);
    const isOurs = place.length === 8 && bytes.toString('base64url') === cursor;
    if (!isOurs || !timingSafeEqual(bytes.subarray(0, tagBytes), this.tag(place, realmId))) {
      throw profiles.profilesErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    }
    return Number(place.readBigInt64BE());
  }

  private tag(place: Buffer, realmId: string): Buffer {
    return createHmac('sha256', this.key).update(place).update(realmId.toLowerCase()).digest().subarray(0, tagBytes);
  }
}
