import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { membership } from '#libs/contracts';
import { httpErrors } from '../http/http-errors.js';
import type { SurfaceName } from '../http/dialect.js';
import type { Route } from '../http/route.js';
import { Projects } from '../upstream/projects.js';
import type { Caller } from './caller.js';

/** `allowed_services` of a project: the surfaces on which it answers. The admin surface is always open, to mend it. */
@Injectable()
export class OpenServices {
  constructor(private readonly projects: Projects) {}

  /** The project that the call is about, on a surface that a project can close; as it was at most a second ago. */
  async projectOf(route: Route, caller: Caller | undefined, request: FastifyRequest): Promise<membership.Project | undefined> {
    if (!isService(route.surface)) return undefined;
    if (caller !== undefined && 'projectId' in caller) return this.projects.find(caller.projectId as string, request.id);
    const { project: named } = request.params as { project?: string };
    // The route itself says in its own words that there is no such project.
    return named === undefined ? undefined : this.projects.find(named, request.id).catch(() => undefined);
  }

  /** @throws Failure `service-not-allowed` */
  mustBeOpen({ surface }: Route, project: membership.Project | undefined): void {
    const allowed = project?.settings.allowed_services ?? [];
    if (allowed.length === 0 || (allowed as readonly string[]).includes(surface)) return;
    throw httpErrors.failure('service-not-allowed', `The project does not allow the service ${surface}, only ${allowed.join(' and ')}: its administrators decide in allowed_services.`);
  }
}

function isService(surface: SurfaceName): boolean {
  return (membership.services as readonly string[]).includes(surface);
}
