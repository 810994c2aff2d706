import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { afterAllIds, newestFirst } from '../paging/newest-first.js';
import { PageCursors } from '../paging/page-cursors.js';
import { ProjectListsRepository } from './project-lists.repository.js';
import { ProjectsRepository } from './projects.repository.js';

@Injectable()
export class ListProjects {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsRepository,
    private readonly lists: ProjectListsRepository,
    private readonly cursors: PageCursors,
  ) {}

  async list({ limit, after, ...filter }: RequestOf<typeof membership.listProjects>): Promise<ResponseOf<typeof membership.listProjects>> {
    const question = ['projects', filter.organisationId ?? null, filter.teamId ?? null, filter.projectId ?? null, filter.userId ?? null];
    const read = async (before: string, count: number): Promise<membership.ProjectDetails[]> => {
      if (filter.projectId === undefined) return this.lists.list(this.database, filter, before, count);
      const one = before === afterAllIds ? await this.projects.details(this.database, filter.projectId) : undefined;
      return one === undefined ? [] : [one];
    };
    const { rows, nextCursor } = await newestFirst(this.cursors, question, { limit, after }, read, ({ projectId }) => projectId);
    return { projects: rows, nextCursor };
  }
}
