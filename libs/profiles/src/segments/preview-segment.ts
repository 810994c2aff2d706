import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, sql } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { compileRule } from './compile-rule.js';
import { parseRule } from './parse-rule.js';

const mostMs = 2_500;
const tryLock = sql('segments.lock_preview', `SELECT pg_try_advisory_xact_lock(hashtextextended('segment preview of ' || $1::uuid::text, 0)) AS locked`);
const limitTime = sql('segments.limit_preview', `SELECT set_config('statement_timeout', $1, true)`);

/** Counts whom a rule would find, in a limited time, so that somebody who writes a rule sees what it does. */
@Injectable()
export class PreviewSegment {
  constructor(private readonly database: Database) {}

  async execute({ realmId, rule }: RequestOf<typeof profiles.previewSegment>): Promise<ResponseOf<typeof profiles.previewSegment>> {
    const { text, parameters } = compileRule(parseRule(rule), 2);
    return this.database.withTransaction(async (tx) => {
      // Each may read a whole project; however often somebody asks, one of them runs.
      const [lock] = await tx.query<{ locked: boolean }>(tryLock, [realmId]);
      if (!lock!.locked) throw profiles.profilesErrors.failure('preview-running', 'Another rule of the project is being counted.', { retryAfter: 1 });
      await tx.query(limitTime, [String(mostMs)]);
      const [row] = await tx.query<{ count: number }>(`SELECT count(*) AS count FROM users u WHERE u.realm_id = $1 AND u.hidden_by IS NULL AND ${text}`, [realmId, ...parameters]).catch((error: unknown) => {
        if ((error as { code?: string }).code !== '57014') throw error;
        throw profiles.profilesErrors.failure('preview-too-slow', 'The project has too many users for this rule to be counted at once: make the segment, whose members are counted in the background.');
      });
      return { count: row!.count };
    });
  }
}
