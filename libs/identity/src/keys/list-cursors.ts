import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { DataKeys } from '#libs/platform/keys';

const tagBytes = 12;
const idBytes = 16;

/**
 * Cursors of lists that are ordered by id: the last id of a page, with a tag that ties it to the list. A cursor of
 * another list, or one changed by hand, is refused.
 */
@Injectable()
export class ListCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param list whatever has to be the same on every page */
  seal(lastId: string, list: unknown): string {
    const place = Buffer.from(lastId.replaceAll('-', ''), 'hex');
    return Buffer.concat([this.tag(place, list), place]).toString('base64url');
  }

  /**
   * @returns the id after which the page begins
   * @throws Failure `invalid-cursor`
   */
  open(cursor: string, list: unknown): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const place = bytes.subarray(tagBytes);
    const isOurs = place.length === idBytes && bytes.toString('base64url') === cursor;
    if (!isOurs || !timingSafeEqual(bytes.subarray(0, tagBytes), this.tag(place, list))) {
      throw identity.identityErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    }
    return place.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  private tag(place: Buffer, list: unknown): Buffer {
    return createHmac('sha256', this.dataKeys.for('list cursors')).update(place).update(JSON.stringify(list)).digest().subarray(0, tagBytes);
  }
}
