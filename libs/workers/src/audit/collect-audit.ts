import { Injectable } from '@nestjs/common';
import { auditSources, membership, type AuditEntry } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { AppendAudit } from './append-audit.js';

type Source = (typeof auditSources)[keyof typeof auditSources];

const batch = 500;
const mostRemembered = 10_000;

/**
 * Brings what the services wrote into the one trail of the deployment. A service gives its entries until it is told that
 * they are committed here, and here they are known by their ids: whatever dies in between, none is lost and none doubled.
 */
@Injectable()
export class CollectAudit {
  /** Which organisation a project belongs to, which never changes. */
  private readonly organisationOf = new Map<string, string | null>();

  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly appendAudit: AppendAudit,
  ) {}

  /**
   * Takes all that is there. Asks every service although one fails.
   * @returns how many entries
   * @throws Failure of the first service that failed
   */
  async collect(context: CallContext): Promise<number> {
    const attempts = await Promise.allSettled(Object.values(auditSources).map((source) => this.collectFrom(source, context)));
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return attempts.reduce((sum, attempt) => sum + (attempt.status === 'fulfilled' ? attempt.value : 0), 0);
  }

  private async collectFrom({ pending, settle }: Source, context: CallContext): Promise<number> {
    let collected = 0;
    for (let more = true; more; ) {
      const { entries } = await this.rpc.call(pending, { limit: batch }, context);
      if (entries.length === 0) return collected;
      const placed = await this.withOrganisations(entries, context);
      await this.database.withTransaction((tx) => this.appendAudit.append(tx, placed));
      await this.rpc.call(settle, { entryIds: entries.map(({ entryId }) => entryId) }, context);
      collected += entries.length;
      more = entries.length === batch;
    }
    return collected;
  }

  /** A service that knows projects by their ids does not know whose they are. */
  private async withOrganisations(entries: readonly AuditEntry[], context: CallContext): Promise<AuditEntry[]> {
    const placed: AuditEntry[] = [];
    for (const entry of entries) {
      const { organisationId, projectId } = entry;
      placed.push(organisationId !== null || projectId === null ? entry : { ...entry, organisationId: await this.organisation(projectId, context) });
    }
    return placed;
  }

  private async organisation(projectId: string, context: CallContext): Promise<string | null> {
    const known = this.organisationOf.get(projectId);
    if (known !== undefined) return known;
    const found = await this.rpc.call(membership.findProject, { project: projectId }, context).catch((error: unknown) => {
      if (isFailure(error, 'project-not-found')) return undefined;
      throw error;
    });
    // One that is not there may come: only what was found is remembered.
    if (found === undefined) return null;
    if (this.organisationOf.size >= mostRemembered) this.organisationOf.clear();
    this.organisationOf.set(projectId, found.organisationId);
    return found.organisationId;
  }
}
