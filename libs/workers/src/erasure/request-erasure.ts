import { Injectable } from '@nestjs/common';
import { profiles, type operations } from '#libs/contracts';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { ScheduleErasure } from './schedule-erasure.js';

@Injectable()
export class RequestErasure {
  constructor(
    private readonly rpc: RpcClient,
    private readonly scheduleErasure: ScheduleErasure,
  ) {}

  /**
   * Profiles comes first, because it alone knows who is meant, and its commit is the point of no return: it writes the
   * tombstones and, in the same transaction, the event that has this erasure finished whatever becomes of this process.
   * So when another service is out of reach the caller hears `service-unavailable`, and may
   * - ask again with the same erasureId: profiles names the same users, and the steps that were done do nothing;
   * - ask again with another one (a new HTTP request): profiles answers that there are no such users any more, as of
   *   anybody who is erased already, and nothing is scheduled twice. The event schedules the first erasure.
   */
  async request(request: RequestOf<typeof operations.requestErasure>, context: CallContext): Promise<ResponseOf<typeof operations.requestErasure>> {
    const { realmId, erasureId, users, requestedBy, requestedByType } = request;
    const { userIds } = await this.rpc.call(profiles.hideUsers, { realmId, erasureId, users, requestedBy, requestedByType }, context);
    const found = [...new Set(userIds.filter((userId) => userId !== null))];
    if (found.length > 0) await this.scheduleErasure.schedule({ realmId, erasureId, userIds: found, requestedBy, requestedByType, requestId: context.requestId }, context);
    return { scheduled: userIds.map((userId) => userId !== null), jobId: found.length > 0 ? erasureId : null };
  }
}
