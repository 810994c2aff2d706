import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { jsonBytes, membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { refuseReservedSlug } from '../organisations/reserved-slugs.js';
import { projectNotFound } from './find-project.js';
import { ProjectsRepository } from './projects.repository.js';

type Update = RequestOf<typeof membership.updateProject>;

const fields = ['name', 'slug', 'teamId', 'metadata', 'settings'] as const;

@Injectable()
export class UpdateProject {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the project as it is now; where it is already as wanted nothing is written and nothing told */
  async update(request: Update, context: CallContext): Promise<membership.ProjectDetails> {
    const { projectId, actor } = request;
    if (request.slug !== undefined) refuseReservedSlug(request.slug);
    return this.database.withTransaction(async (tx) => {
      // Locked, because metadata and settings are merged with what is there.
      const present = await this.projects.lock(tx, projectId, 'change');
      if (present === undefined) throw projectNotFound();
      const wanted = applied(present, request);
      const changed = fields.filter((field) => !isDeepStrictEqual(wanted[field], present[field]));
      if (changed.length === 0) return present;
      const updated = await this.projects.update(tx, wanted, actor.id);
      await auditTrail.append(tx, context, { actor, action: 'project.changed', target: { type: 'project', id: projectId }, organisationId: present.organisationId, projectId, before: changed, after: changed });
      await this.outbox.append(tx, context, event(membership.projectChanged, { projectId, organisationId: present.organisationId, changed }));
      return updated;
    });
  }
}

function applied(present: membership.ProjectDetails, { name, slug, teamId, metadata, settings }: Update): membership.ProjectDetails {
  const merged = mergedByKey(present.metadata, metadata ?? {});
  if (metadata !== undefined && jsonBytes(merged) > membership.largestMetadata) {
    const message = `must not be larger than ${membership.largestMetadata} bytes, together with what is there`;
    throw membership.membershipErrors.failure('metadata-too-large', `metadata: ${message}.`, { details: [{ path: 'metadata', message }] });
  }
  return {
    ...present,
    name: name ?? present.name,
    slug: slug ?? present.slug,
    teamId: teamId === undefined ? present.teamId : teamId,
    metadata: merged,
    settings: membership.projectSettings.parse(mergedByKey(present.settings, settings ?? {})),
  };
}

/** `null` takes a key out. */
function mergedByKey(present: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...present, ...change }).filter(([, value]) => value !== null && value !== undefined));
}
