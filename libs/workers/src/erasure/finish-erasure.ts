import { Injectable } from '@nestjs/common';
import { operations, type TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { IssueErasureReceipt } from '../receipts/issue-erasure-receipt.js';
import { ErasePart } from './erase-part.js';
import { ErasureHolders } from './erasure-holders.js';
import { ErasurePartsRepository } from './erasure-parts.repository.js';
import { ErasuresRepository, type ErasureRow } from './erasures.repository.js';

const { erasureServices } = operations;

/** What comes after the services have erased their parts: asking again, and the receipt. */
@Injectable()
export class FinishErasure {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly parts: ErasurePartsRepository,
    private readonly erasePart: ErasePart,
    private readonly holders: ErasureHolders,
    private readonly issueReceipt: IssueErasureReceipt,
  ) {}

  /**
   * One attempt; every step may be repeated, also by two attempts at once. Does nothing when the erasure is done.
   * @throws when a service is out of reach or still holds something: the queue then tries again
   */
  async attempt(realmId: string, erasureId: string, context: CallContext): Promise<void> {
    const erasure = await this.erasures.begin(this.database, realmId, erasureId);
    if (erasure === undefined) return;
    await this.erasePartsLeft(erasure, context);
    const userIds = await this.erasures.listUsers(this.database, realmId, erasureId);
    const remains = await this.countRemains(erasure, userIds, context);
    await this.finish(erasure, userIds, remains);
  }

  /**
   * The jobs of the parts have come before, and so nothing is left as a rule. It is where one was given up, where a part has to be done again, and of
   * a job that was made before parts had jobs. All are asked although one fails: what can go, goes.
   */
  private async erasePartsLeft(erasure: ErasureRow, context: CallContext): Promise<void> {
    const left = (await this.parts.list(this.database, erasure)).filter(({ state }) => state !== 'done');
    const attempts = await Promise.allSettled(left.map(({ service }) => this.erasePart.attempt(erasure, service, context)));
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Asks again after the erasure. @throws when anything is left; the parts that it is left of are then done again */
  private async countRemains(erasure: ErasureRow, userIds: string[], context: CallContext): Promise<Record<string, TableCounts>> {
    const users = { realmId: erasure.realmId, userIds };
    const counted = await Promise.all(erasureServices.map(async (service) => [service, await this.holders.countRemains(service, users, context)] as const));
    const left = counted.flatMap(([service, remains]) => Object.entries(remains).filter(([, rows]) => rows > 0).map(([table, rows]) => ({ service, text: `${rows} rows in ${service}.${table}` })));
    if (left.length > 0) {
      await this.parts.reopen(this.database, erasure, [...new Set(left.map(({ service }) => service))]);
      throw new Error(`Users were erased, and yet there are ${left.map(({ text }) => text).join(', ')}.`);
    }
    return Object.fromEntries(counted);
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
