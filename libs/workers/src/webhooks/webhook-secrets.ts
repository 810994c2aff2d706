import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataKeys, seal } from '#libs/platform/keys';

const purpose = 'webhook secrets';

/** The secrets that deliveries are signed with, as Standard Webhooks has it. In the database they are sealed. */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @returns the secret as its receiver gets it, and as it is kept */
  mint(webhookId: string): { secret: string; sealed: Buffer } {
    const bytes = randomBytes(32);
    return { secret: `whsec_${bytes.toString('base64')}`, sealed: seal(this.dataKeys.for(purpose), bytes, webhookId) };
  }

  /** Headers of a message. Signed with each of the secrets, so that a receiver may know either. `at`: seconds since the epoch. */
  sign(webhookId: string, secrets: readonly Buffer[], message: { id: string; at: number; body: string }): Record<string, string> {
    const signatures = secrets.map((sealed) => `v1,${createHmac('sha256', this.opened(webhookId, sealed)).update(`${message.id}.${message.at}.${message.body}`).digest('base64')}`);
    return { 'webhook-id': message.id, 'webhook-timestamp': String(message.at), 'webhook-signature': signatures.join(' ') };
  }

  /** What takes the place of one that was sealed under an earlier data key; undefined where nothing has to. */
  resealed(webhookId: string, sealed: Buffer): Buffer | undefined {
    return this.dataKeys.resealed(purpose, sealed, webhookId);
  }

  private opened(webhookId: string, sealed: Buffer): Buffer {
    const bytes = this.dataKeys.open(purpose, sealed, webhookId);
    if (bytes === null) throw new Error('the secret of a webhook can not be opened');
    return bytes;
  }
}
