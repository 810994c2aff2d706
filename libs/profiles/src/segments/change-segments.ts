import { Injectable } from '@nestjs/common';
import { isStorable, mustBeStorable, profiles } from '#libs/contracts';
import { auditTrail, type NewAuditEntry } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { unstorableDetail } from '../database/storable.js';
import { segmentNotFound } from './find-segments.js';
import { parseRule } from './parse-rule.js';
import { dependsOnTime } from './rule.js';
import { SegmentRuns } from './segment-runs.js';
import { SegmentsRepository } from './segments.repository.js';

const { mostSegments, profilesErrors } = profiles;

/** Makes segments and changes them. */
@Injectable()
export class ChangeSegments {
  constructor(
    private readonly database: Database,
    private readonly segments: SegmentsRepository,
    private readonly runs: SegmentRuns,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  async create({ realmId, segmentId, name, rule, actor }: RequestOf<typeof profiles.createSegment>, context: CallContext): Promise<profiles.Segment> {
    checkName(name);
    const parsed = parseRule(rule);
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async (): Promise<profiles.Segment> => {
          await this.segments.lockRealm(tx, realmId);
          const present = await this.segments.get(tx, realmId, segmentId);
          if (present !== undefined) return present;
          if ((await this.segments.count(tx, realmId)) >= mostSegments) throw profilesErrors.failure('segment-limit', `A project may have at most ${mostSegments} segments.`);
          await this.segments.insert(tx, realmId, { segmentId, name, rule, dependsOnTime: dependsOnTime(parsed) }, actor.id);
          await this.outbox.append(tx, context, event(profiles.segmentChanged, { realmId, segmentId, created: true }));
          await auditTrail.append(tx, context, { actor, action: 'segment.created', ...place(realmId, segmentId), after: ['name', 'rule'] });
          tx.afterCommit(() => this.runs.nudge());
          return this.present(tx, realmId, segmentId);
        },
        refer: (made) => ({ segmentId: made.segmentId }),
        again: (made) => this.present(tx, realmId, made.segmentId),
      }),
    );
  }

  async update({ realmId, segmentId, name, rule, actor }: RequestOf<typeof profiles.updateSegment>, context: CallContext): Promise<profiles.Segment> {
    if (name !== undefined) checkName(name);
    const parsed = rule === undefined ? undefined : parseRule(rule);
    return this.database.withTransaction(async (tx) => {
      await this.segments.lock(tx, realmId, segmentId);
      const renamed = name !== undefined && (await this.segments.rename(tx, realmId, segmentId, name, actor.id));
      const changed = parsed !== undefined && (await this.segments.changeRule(tx, realmId, segmentId, rule, dependsOnTime(parsed), actor.id));
      if (renamed || changed) {
        await this.outbox.append(tx, context, event(profiles.segmentChanged, { realmId, segmentId, created: false }));
        const fields = [...(renamed ? ['name'] : []), ...(changed ? ['rule'] : [])];
        await auditTrail.append(tx, context, { actor, action: 'segment.changed', ...place(realmId, segmentId), before: fields, after: fields });
      }
      if (changed) tx.afterCommit(() => this.runs.nudge());
      return this.present(tx, realmId, segmentId);
    });
  }

  private async present(tx: Transaction, realmId: string, segmentId: string): Promise<profiles.Segment> {
    const found = await this.segments.get(tx, realmId, segmentId);
    if (found === undefined) throw segmentNotFound();
    return found;
  }
}

function place(realmId: string, segmentId: string): Pick<NewAuditEntry, 'target' | 'projectId'> {
  return { target: { type: 'segment', id: segmentId }, projectId: realmId };
}

function checkName(name: string): void {
  if (!isStorable(name)) throw profilesErrors.failure('invalid-segment', `name: ${mustBeStorable}.`, { details: [unstorableDetail('name')] });
}
