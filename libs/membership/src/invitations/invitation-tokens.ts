import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataKeys } from '#libs/platform/keys';

/**
 * Tokens of invitations follow from the id of the mail that carries them: the same each time the mail is composed, another
 * one with each mail, and 256 bits that nobody can guess without the master key. Only their hash is stored.
 */
@Injectable()
export class InvitationTokens {
  constructor(private readonly dataKeys: DataKeys) {}

  of(mailId: string): string {
    return createHmac('sha256', this.dataKeys.for('membership invitation tokens')).update(mailId).digest('base64url');
  }

  hash(token: string): Buffer {
    return createHash('sha256').update(token).digest();
  }
}
