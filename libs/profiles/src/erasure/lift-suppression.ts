import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { SuppressionsRepository } from './suppressions.repository.js';

/** Lets somebody who was erased be made anew, under all of their names, by whatever comes next. */
@Injectable()
export class LiftSuppression {
  constructor(
    private readonly database: Database,
    private readonly suppressions: SuppressionsRepository,
  ) {}

  /** The tombstones stay, lifted: the old erasure, asked again, finds its users by them. */
  async execute({ realmId, nameHash, actor }: RequestOf<typeof profiles.liftSuppression>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const lifted = await this.suppressions.lift(tx, realmId, Buffer.from(nameHash, 'hex'));
      if (lifted.length === 0) throw profiles.profilesErrors.failure('suppression-not-found', 'There is no such suppression.');
      if (await this.suppressions.remain(tx, realmId, [...new Set(lifted.map(({ userId }) => userId))])) {
        throw profiles.profilesErrors.failure('erasure-running', 'The user is being erased. Lift the suppression when that is done.');
      }
      const kinds = [...new Set(lifted.map(({ kind }) => kind))].sort();
      await auditTrail.append(tx, context, { actor, action: 'suppression.lifted', target: { type: 'suppression', id: nameHash }, projectId: realmId, before: kinds });
    });
  }
}
