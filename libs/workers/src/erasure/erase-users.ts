import { Injectable } from '@nestjs/common';
import { identity, membership, profiles, type TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { EraseFromAudit } from '../audit/erase-from-audit.js';
import { EraseMails } from '../mail/erase-mails.js';
import { IssueErasureReceipt } from '../receipts/issue-erasure-receipt.js';
import { ErasuresRepository, type ErasureRow } from './erasures.repository.js';

/** The receipt's name for what the workers hold themselves. */
const own = 'operations';

/** Who else holds something about users, and how each is asked to erase it and to count what is left. */
const holders = [
  { service: 'profiles', erase: profiles.eraseProfile, countRemains: profiles.countProfileRemains },
  { service: 'identity', erase: identity.eraseLogins, countRemains: identity.countLoginRemains },
  { service: 'membership', erase: membership.eraseMembers, countRemains: membership.countMemberRemains },
] as const;

interface Users {
  realmId: string;
  userIds: string[];
}

@Injectable()
export class EraseUsers {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly erasures: ErasuresRepository,
    private readonly eraseMails: EraseMails,
    private readonly audit: EraseFromAudit,
    private readonly issueReceipt: IssueErasureReceipt,
  ) {}

  /**
   * One attempt at an erasure; every step may be repeated, also by two attempts at once. Does nothing when it is done.
   * @throws when a service is out of reach or still holds something: the queue then tries again
   */
  async attempt(realmId: string, erasureId: string, context: CallContext): Promise<void> {
    const erasure = await this.erasures.begin(this.database, realmId, erasureId);
    if (erasure === undefined) return;
    const users = { realmId, userIds: await this.erasures.listUsers(this.database, realmId, erasureId) };

    // All are asked although one fails: what can go, goes.
    const attempts = await Promise.allSettled([
      ...holders.map((holder) => this.erase(erasure, holder, users, context)),
      this.eraseOwn(erasure, this.eraseMails.erase(realmId, users.userIds)),
      this.eraseOwn(erasure, this.audit.erase(users.userIds, context)),
    ]);
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    if (failed !== undefined) throw failed.reason;

    const remains = await this.countRemains(users, context);
    await this.finish(erasure, users.userIds, remains);
  }

  /** Counts are kept as they come, and added up: an attempt after a failed one finds less to erase than there was. */
  private async erase(erasure: ErasureRow, holder: (typeof holders)[number], users: Users, context: CallContext): Promise<void> {
    const { erased } = await this.rpc.call(holder.erase, users, context);
    await this.erasures.addCounts(this.database, erasure, holder.service, erased);
  }

  /** Each counts by itself, so that what one has erased is known although the other fails. */
  private async eraseOwn(erasure: ErasureRow, erase: Promise<TableCounts>): Promise<void> {
    await this.erasures.addCounts(this.database, erasure, own, await erase);
  }

  /** Asks again after the erasure. @throws when anything is left */
  private async countRemains(users: Users, context: CallContext): Promise<Record<string, TableCounts>> {
    const counted = await Promise.all([
      ...holders.map(async ({ service, countRemains }) => [service, (await this.rpc.call(countRemains, users, context)).remains] as const),
      this.countOwn(users).then((remaining) => [own, remaining] as const),
    ]);
    const left = counted.flatMap(([service, remains]) => Object.entries(remains).filter(([, rows]) => rows > 0).map(([table, rows]) => `${rows} rows in ${service}.${table}`));
    if (left.length > 0) throw new Error(`Users were erased, and yet there are ${left.join(', ')}.`);
    return Object.fromEntries(counted);
  }

  private async countOwn({ realmId, userIds }: Users): Promise<TableCounts> {
    return { ...(await this.eraseMails.countRemains(realmId, userIds)), ...(await this.audit.countRemains(userIds)) };
  }

  /** The receipt is issued in the transaction that says that the erasure is done: there is neither without the other. */
  private async finish(erasure: ErasureRow, userIds: readonly string[], remains: Record<string, TableCounts>): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await this.erasures.lockUnfinished(tx, erasure))) return;
      const erased = await this.erasures.listCounts(tx, erasure);
      const services = Object.fromEntries(Object.keys(remains).map((service) => [service, { erased: erased[service] ?? {}, remains: remains[service] ?? {} }]));
      const { sequence } = await this.issueReceipt.issue(tx, { erasure, userIds, services, finishedAt: await this.erasures.now(tx) });
      await this.erasures.finish(tx, erasure, sequence);
    });
  }
}
