import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { DataKeys, readCursor, signCursor } from '#libs/platform/keys';

const purpose = 'list cursors';
const idBytes = 16;

/** Cursors of lists that are ordered by id: the last id of a page. A cursor of another list, or one changed by hand, is refused. */
@Injectable()
export class ListCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param list whatever has to be the same on every page */
  seal(lastId: string, list: unknown): string {
    return signCursor(this.dataKeys.for(purpose), Buffer.from(lastId.replaceAll('-', ''), 'hex'), JSON.stringify(list));
  }

  /**
   * @returns the id after which the page begins
   * @throws Failure `invalid-cursor`
   */
  open(cursor: string, list: unknown): string {
    const place = readCursor(this.dataKeys.for(purpose), cursor, JSON.stringify(list), idBytes);
    if (place === null) throw identity.identityErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    return place.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }
}
