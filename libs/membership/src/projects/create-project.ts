import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { refuseReservedSlug } from '../organisations/reserved-slugs.js';
import { ProjectsRepository } from './projects.repository.js';

@Injectable()
export class CreateProject {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsRepository,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  async create({ actor, ...wanted }: RequestOf<typeof membership.createProject>, context: CallContext): Promise<membership.ProjectDetails> {
    refuseReservedSlug(wanted.slug);
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async (): Promise<membership.ProjectDetails> => {
          const created = await this.projects.insert(tx, wanted, actor.id);
          if (created !== undefined) {
            await this.outbox.append(tx, context, event(membership.projectCreated, { projectId: wanted.projectId, organisationId: wanted.organisationId }));
            const { projectId, organisationId, teamId } = wanted;
            await auditTrail.append(tx, context, { actor, action: 'project.created', target: { type: 'project', id: projectId }, organisationId, projectId, after: ['name', 'slug', ...(teamId === null ? [] : ['team_id'])] });
            return created;
          }
          const present = await this.projects.details(tx, wanted.projectId);
          if (present === undefined) throw membership.membershipErrors.failure('slug-taken', 'Another project has this slug.', { details: [{ path: 'slug', message: 'is taken' }] });
          return present;
        },
        refer: (made) => ({ projectId: made.projectId }),
        again: async (made) => {
          const present = await this.projects.details(tx, made.projectId);
          if (present === undefined) throw membership.membershipErrors.failure('project-not-found', 'The project that this request made was deleted.');
          return present;
        },
      }),
    );
  }
}
