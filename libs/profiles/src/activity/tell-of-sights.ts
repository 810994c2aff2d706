import { profiles } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import { event, type Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';

/** One domain event per realm, however many users were seen. */
export async function tellOfSights(tx: Transaction, outbox: Outbox, context: CallContext, users: readonly { realmId: string; userId: string }[]): Promise<void> {
  const byRealm = new Map<string, string[]>();
  for (const { realmId, userId } of users) {
    const told = byRealm.get(realmId);
    if (told === undefined) byRealm.set(realmId, [userId]);
    else told.push(userId);
  }
  if (byRealm.size > 0) await outbox.append(tx, context, ...[...byRealm].map(([realmId, userIds]) => event(profiles.usersSeen, { realmId, userIds })));
}
