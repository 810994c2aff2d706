import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { operations, type Actor, type profiles } from '#libs/contracts';
import type { CallContext, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

export type Erasure = ResponseOf<typeof operations.getErasure>;

/** The one way to an erasure, from every surface. */
@Injectable()
export class Erasures {
  constructor(private readonly rpc: RpcClient) {}

  /** @returns one answer per user, in order: whether they are scheduled now; and the job, null when nobody is */
  request(realmId: string, users: profiles.UserAddress[], actor: Actor, context: CallContext): Promise<ResponseOf<typeof operations.requestErasure>> {
    return this.rpc.call(operations.requestErasure, { realmId, erasureId: newId(), users, requestedBy: actor.id, requestedByType: actor.type }, context);
  }

  /** Of somebody who was hidden without us: their job is there when this resolves, or soon after, by the event that says so. */
  async takeUp(erasure: { realmId: string; erasureId: string; userIds: string[] }, actor: Actor, requestId: string): Promise<void> {
    await this.rpc.call(operations.takeUpErasure, { ...erasure, requestedBy: actor.id, requestedByType: actor.type }, { requestId }).catch(() => undefined);
  }

  /** An erasure of the realm. @throws Failure `job-not-found`, also for an id that can be nobody's */
  async of(realmId: string, jobId: string, requestId: string): Promise<Erasure> {
    return this.rpc.call(operations.getErasure, { realmId, jobId: jobIdOf(jobId) }, { requestId });
  }

  /** An erasure of any realm: whose it is is for the caller to look at. @throws as above */
  async ofAny(jobId: string, requestId: string): Promise<Erasure> {
    return this.rpc.call(operations.getErasure, { jobId: jobIdOf(jobId) }, { requestId });
  }
}

function jobIdOf(text: string): string {
  if (!z.uuid().safeParse(text).success) throw operations.operationsErrors.failure('job-not-found', 'There is no such job.');
  return text.toLowerCase();
}
