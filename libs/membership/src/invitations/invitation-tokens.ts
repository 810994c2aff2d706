import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { masterKeyConfig, type ConfigValues } from '#libs/platform/config';

/**
 * Tokens of invitations follow from the id of the mail that carries them: the same each time the mail is composed, another
 * one with each mail, and 256 bits that nobody can guess without the master key. Only their hash is stored.
 */
@Injectable()
export class InvitationTokens {
  private readonly key: Buffer;

  constructor(@Inject(masterKeyConfig.token) config: ConfigValues<typeof masterKeyConfig>) {
    this.key = Buffer.from(hkdfSync('sha256', config.ROLLCALL_MASTER_KEY, '', 'rollcall membership invitation tokens', 32));
  }

  of(mailId: string): string {
    return createHmac('sha256', this.key).update(mailId).digest('base64url');
  }

  hash(token: string): Buffer {
    return createHash('sha256').update(token).digest();
  }
}
