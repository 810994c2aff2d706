import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataKeys } from '#libs/platform/keys';

const purpose = 'membership invitation tokens';

/**
 * Tokens of invitations follow from the id of the mail that carries them: the same each time the mail is composed, another
 * one with each mail, and 256 bits that nobody can guess without the master key. Only their hash is stored.
 */
@Injectable()
export class InvitationTokens {
  constructor(private readonly dataKeys: DataKeys) {}

  of(mailId: string): string {
    return tokenOf(this.dataKeys.for(purpose), mailId);
  }

  /** The same again, whatever the keys are by now: the one of which this is the hash. */
  again(mailId: string, storedHash: Buffer): string {
    return tokenOf(this.dataKeys.fitting(purpose, (key) => this.hash(tokenOf(key, mailId)).equals(storedHash)), mailId);
  }

  hash(token: string): Buffer {
    return createHash('sha256').update(token).digest();
  }
}

function tokenOf(key: Buffer, mailId: string): string {
  return createHmac('sha256', key).update(mailId).digest('base64url');
}
