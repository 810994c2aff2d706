import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { ChangeAccounts } from '../accounts/change-accounts.js';
import { listNotFound } from './find-lists.js';
import { subscriptionsRepository } from './subscriptions.repository.js';

/** Subscribes one user to a list, or notes that they left it. */
@Injectable()
export class SetSubscription {
  constructor(private readonly change: ChangeAccounts) {}

  async execute(request: RequestOf<typeof profiles.setSubscription>, context: CallContext): Promise<profiles.Profile> {
    const { realmId, listId, subscribed } = request;
    const write = async (...[tx, userId]: Parameters<Parameters<ChangeAccounts['execute']>[2]>) => {
      if ((await subscriptionsRepository.keep(tx, [{ realmId, listId }])).length === 0) throw listNotFound();
      return subscriptionsRepository.set(tx, { realmId, userId, listId, subscribed });
    };
    return this.change.execute(request, context, write, 'lists');
  }
}
