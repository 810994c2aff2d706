import { Inject, Injectable } from '@nestjs/common';
import type { TableCounts } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import type { Transaction } from '#libs/platform/database';
import type { Receipt } from '#libs/platform/receipts';
import { AuditHashes } from '../audit/audit-hashes.js';
import type { ErasureRow } from '../erasure/erasures.repository.js';
import { ReceiptChain } from './receipt-chain.js';
import { receiptsConfig } from './receipts.config.js';

/** Seconds that a removal may take once it is due. */
const removalTakes = 300;

/** What an erasure has done, when it is done. */
export interface FinishedErasure {
  erasure: ErasureRow;
  userIds: readonly string[];
  services: Record<string, { erased: TableCounts; remains: TableCounts }>;
  /** By the database's clock. */
  finishedAt: string;
}

@Injectable()
export class IssueErasureReceipt {
  constructor(
    private readonly chain: ReceiptChain,
    private readonly hashes: AuditHashes,
    @Inject(receiptsConfig.token) private readonly config: ConfigValues<typeof receiptsConfig>,
  ) {}

  async issue(tx: Transaction, { erasure, userIds, services, finishedAt }: FinishedErasure): Promise<Receipt> {
    const { BACKUP_RETENTION, ERASURE_REMOVAL_AFTER } = this.config;
    const bytesUntil = after(finishedAt, ERASURE_REMOVAL_AFTER + removalTakes);
    return this.chain.append(tx, {
      kind: 'erasure',
      erasure_id: erasure.erasureId,
      project_id: erasure.realmId,
      // Whoever erased themselves is named as the erased are.
      requested_by: { type: erasure.requestedByType, id: userIds.includes(erasure.requestedBy) ? this.hashes.of(erasure.requestedBy) : erasure.requestedBy },
      requested_at: erasure.requestedAt,
      finished_at: finishedAt,
      users: userIds.length,
      user_hashes: userIds.map((userId) => this.hashes.of(userId)).sort(),
      services,
      left: { bytes_until: bytesUntil, backups_until: BACKUP_RETENTION === undefined ? null : after(bytesUntil, BACKUP_RETENTION) },
    });
  }
}

function after(time: string, seconds: number): string {
  return new Date(Date.parse(time) + seconds * 1_000).toISOString();
}
