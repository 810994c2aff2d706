import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { loginsRepository } from './logins.repository.js';

/** Finds whose login email it is, or reserves it for somebody who will log in by it one day: an address is one person. */
@Injectable()
export class ClaimLoginEmail {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the user's id */
  async execute({ realmId, newUserId, email }: RequestOf<typeof identity.claimLoginEmail>, context: CallContext): Promise<string> {
    return this.database.withTransaction(async (tx) => {
      const claimed = await loginsRepository.claimEmail(tx, realmId, newUserId, email);
      if (claimed !== undefined) {
        await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId: newUserId, version: claimed, facts: ['login_email'] }));
        return newUserId;
      }
      const owner = await loginsRepository.ownerOfEmail(tx, realmId, email);
      // The id was another login's, or the owner has let go of the address a moment ago.
      if (owner === undefined) throw platformErrors.failure('service-unavailable', 'The address changed hands at the same time: try again.', { retryAfter: 1 });
      return owner;
    });
  }
}
