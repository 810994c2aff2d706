import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { segmentNotFound } from './find-segments.js';
import { SegmentsRepository } from './segments.repository.js';

/** Members of one statement. */
const membersAtOnce = 10_000;

/** Removes a segment: from sight at once, then its members, however many they are, and then the segment. */
@Injectable()
export class RemoveSegment {
  constructor(
    private readonly database: Database,
    private readonly segments: SegmentsRepository,
    private readonly outbox: Outbox,
  ) {}

  async execute({ realmId, segmentId, actor }: RequestOf<typeof profiles.removeSegment>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await this.segments.beginRemoval(tx, realmId, segmentId))) throw segmentNotFound();
      await this.outbox.append(tx, context, event(profiles.segmentRemoved, { realmId, segmentId }));
      await auditTrail.append(tx, context, { actor, action: 'segment.removed', target: { type: 'segment', id: segmentId }, projectId: realmId, before: ['name', 'rule'] });
    });
    await this.finish(realmId, segmentId);
  }

  /** Goes on with removals that a process left when it died. */
  async finishAll(): Promise<void> {
    for (const { realmId, segmentId } of await this.segments.leftToRemove(this.database)) await this.finish(realmId, segmentId);
  }

  private async finish(realmId: string, segmentId: string): Promise<void> {
    while ((await this.segments.removeMembers(this.database, realmId, segmentId, membersAtOnce)) === membersAtOnce) continue;
    await this.segments.remove(this.database, realmId, segmentId);
  }
}
