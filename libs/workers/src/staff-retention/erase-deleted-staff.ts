import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { membership, staffRealmId, systemActor } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { RequestErasure } from '../erasure/request-erasure.js';
import { staffRetentionConfig } from './staff-retention.config.js';

/** Staff who were deleted, and whom nobody restored in time, are erased like anybody else. */
@Injectable()
export class EraseDeletedStaff {
  constructor(
    private readonly rpc: RpcClient,
    private readonly requestErasure: RequestErasure,
    @Inject(staffRetentionConfig.token) private readonly config: ConfigValues<typeof staffRetentionConfig>,
  ) {}

  async erase(context: CallContext): Promise<{ erased: number }> {
    const { users } = await this.rpc.call(membership.takeExpiredStaff, { olderThanSeconds: this.config.DELETED_USER_RETENTION }, context);
    let erased = 0;
    for (const userIds of byOrganisations(users)) {
      const { scheduled } = await this.requestErasure.request({ realmId: staffRealmId, erasureId: newId(), users: userIds.map((userId) => ({ userId })), requestedBy: systemActor.id, requestedByType: 'system' }, context);
      // Of those who are asked for again none is scheduled twice.
      erased += scheduled.filter((isNew) => isNew).length;
    }
    return { erased };
  }
}

/** One erasure for each, so that nobody who may see its receipt learns from it about another organisation's people. */
function byOrganisations(users: readonly { userId: string; organisationIds: readonly string[] }[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { userId, organisationIds } of users) {
    const key = [...organisationIds].sort().join();
    groups.set(key, [...(groups.get(key) ?? []), userId]);
  }
  return [...groups.values()];
}
