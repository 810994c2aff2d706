import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { Failure } from '#libs/platform/errors';
import { isId } from '../organisations/reserved-slugs.js';
import { ProjectsRepository } from './projects.repository.js';

@Injectable()
export class FindProject {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsRepository,
  ) {}

  /** @param address slug or id; no slug has the form of an id, so one query is enough */
  async find(address: string): Promise<membership.Project> {
    const project = await this.lookUp(address);
    if (project === undefined) throw projectNotFound();
    return project;
  }

  async get(projectId: string): Promise<membership.ProjectDetails> {
    const project = await this.projects.details(this.database, projectId);
    if (project === undefined) throw projectNotFound();
    return project;
  }

  private async lookUp(address: string): Promise<membership.Project | undefined> {
    if (isId(address)) return this.projects.get(this.database, address);
    // What can't be a slug is not asked for: it may hold bytes that Postgres takes for an error.
    return membership.slug.safeParse(address).success ? this.projects.findBySlug(this.database, address) : undefined;
  }
}

export function projectNotFound(): Failure {
  return membership.membershipErrors.failure('project-not-found', 'There is no such project.');
}
