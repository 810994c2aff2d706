import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataKeys } from '#libs/platform/keys';
import { toBase62 } from '../keys/base62.js';
import { formatKey, parseKey, type KeyKind } from '../keys/key-string.js';
import { hashSecret, secretFits } from '../keys/secret-hash.js';

/** The mails that have a token, and what it begins with. */
const kinds = { 'password-reset': 'reset', 'email-verification': 'email', 'email-change': 'email' } as const satisfies Record<string, KeyKind>;
const purpose = 'mail tokens';
export type LinkTemplate = keyof typeof kinds;

/**
 * The tokens in mails. Stored is only their hash, yet a mail that is sent again after a crash has to hold the same one: so a token is
 * made of the mail's id under a key that only this deployment has, 256 bits of it (docs/decisions/0010-mail.md).
 */
@Injectable()
export class MailTokens {
  constructor(private readonly dataKeys: DataKeys) {}

  of(template: LinkTemplate, realmId: string, mailId: string): string {
    return tokenOf(this.dataKeys.for(purpose), template, realmId, mailId);
  }

  /** The same again, whatever the keys are by now: the one of which this is the hash. */
  again(template: LinkTemplate, realmId: string, mailId: string, storedHash: Buffer | null): string {
    const key = this.dataKeys.fitting(purpose, (one) => this.fits(tokenOf(one, template, realmId, mailId), storedHash));
    return tokenOf(key, template, realmId, mailId);
  }

  hash(token: string): Buffer {
    return hashSecret(token);
  }

  /** The id of the mail that a token claims to be from; null for what is no such token. */
  mailIdOf(token: string, kind: 'reset' | 'email'): string | null {
    return parseKey(token, kind)?.id ?? null;
  }

  /** In constant time. */
  fits(token: string, storedHash: Buffer | null): boolean {
    return secretFits(token, storedHash);
  }
}

function tokenOf(key: Buffer, template: LinkTemplate, realmId: string, mailId: string): string {
  const secret = createHmac('sha256', key).update(`${template}\n${realmId}\n${mailId}`).digest();
  return formatKey({ kind: kinds[template], id: mailId, secret: toBase62(secret) });
}

export function isLink(template: string): template is LinkTemplate {
  return template in kinds;
}
