import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { DataKeys } from '#libs/platform/keys';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** The values by which a list is sorted, of the last row of a page. */
export type Place = readonly (string | number | null)[];

/**
 * Cursors of lists: the place where a page ended. Encrypted, because a list that is sorted by name ends at somebody's name,
 * and cursors stand in URLs and logs; bound to the question, so that one of another list, or one changed by hand, is refused.
 */
@Injectable()
export class PageCursors {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @param question whatever has to be the same on every page */
  seal(place: Place, question: unknown): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.dataKeys.for('membership page cursors'), iv, { authTagLength: tagBytes }).setAAD(Buffer.from(JSON.stringify(question)));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(place), 'utf8'), cipher.final()]);
    return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws Failure `invalid-cursor` */
  open(cursor: string, question: unknown): Place {
    const bytes = Buffer.from(cursor, 'base64url');
    try {
      if (bytes.length < ivBytes + tagBytes || bytes.toString('base64url') !== cursor) throw new Error('not one of ours');
      const decipher = createDecipheriv(algorithm, this.dataKeys.for('membership page cursors'), bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(JSON.stringify(question)))
        .setAuthTag(bytes.subarray(-tagBytes));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8')) as Place;
    } catch {
      throw membership.membershipErrors.failure('invalid-cursor', 'The cursor was not given for this list.');
    }
  }
}
