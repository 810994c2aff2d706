import type { Failure } from '#libs/platform/errors';
import type { DataKeys } from './data-keys.js';
import { readCursor, signCursor } from './signed-cursor.js';

const placeBytes = 8;

/** Cursors of lists in the order of a sequence: the number of the last row of a page, tied to the question. One of another list or direction, or changed by hand, is refused. */
export abstract class SequenceCursors {
  /**
   * @param purpose of the key that signs them
   * @param refusal of a cursor that was not given for the list
   */
  protected constructor(
    private readonly dataKeys: DataKeys,
    private readonly purpose: string,
    private readonly refusal: () => Failure,
  ) {}

  /** @param question whatever has to be the same on every page */
  seal(seq: number, question: unknown): string {
    const place = Buffer.alloc(placeBytes);
    place.writeBigInt64BE(BigInt(seq));
    return signCursor(this.dataKeys.for(this.purpose), place, JSON.stringify(question));
  }

  /** @throws Failure what `refusal` makes */
  open(cursor: string, question: unknown): number {
    const place = readCursor(this.dataKeys.for(this.purpose), cursor, JSON.stringify(question), placeBytes);
    if (place === null) throw this.refusal();
    return Number(place.readBigInt64BE());
  }
}
