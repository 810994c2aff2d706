import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import type { Transaction } from '#libs/platform/database';
import { identityConfig } from '../identity.config.js';
import { ThrottleKeys } from '../throttling/throttle-keys.js';
import { mailThrottlesRepository } from './mail-throttles.repository.js';

/** What counts for the deployment stands under no realm. */
const everywhere = '00000000-0000-0000-0000-000000000000';

/**
 * How many mails all realms together send an address in an hour: whoever may make projects could multiply what each of them may send. An address that was confirmed in a realm does not count
 * there, or whoever uses the bound up would keep its owner from resetting a password where they have one.
 */
@Injectable()
export class MailboxBound {
  constructor(
    private readonly keys: ThrottleKeys,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /**
   * @param name the address in its canonical form
   * @param counts false: the same work, for nothing
   * @returns whether it is within the bound
   */
  async take(tx: Transaction, realmId: string, name: string, counts: boolean): Promise<boolean> {
    const [realm, key] = counts ? [everywhere, this.keys.forMailbox(name)] : [realmId, this.keys.forRecipient(realmId, 'elsewhere', name)];
    return (await mailThrottlesRepository.take(tx, realm, key, this.config.MAILS_PER_MAILBOX)) || !counts;
  }
}
