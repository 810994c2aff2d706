import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { staffRealmId } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { letRead, pageProjectOf, type PageProject } from '../http/browser-pages.js';
import { httpErrors } from '../http/http-errors.js';
import type { Route } from '../http/route.js';
import { Projects } from '../upstream/projects.js';
import type { Caller, EngagementCaller, ProjectCaller, SignedInCaller } from './caller.js';

/** Which web pages may call a project from a browser: those of its `allowed_origins`. Requests without `Origin` are none of its business. */
@Injectable()
export class PageAccess {
  constructor(private readonly projects: Projects) {}

  /** Before the caller is known: what the request itself says of its project is enough for its answer to be read. */
  async meet(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const named = pageProjectOf(route);
    if (named === undefined) return;
    void reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || named === 'caller') return;
    if (named === 'open') {
      letRead(reply, '*');
      return;
    }
    const project = namedBy(named, request);
    if (project !== undefined) await this.allow(project, origin, request, reply);
  }

  /**
   * Once the caller is known.
   * @throws Failure `origin-not-allowed` to the key alone in a page that is not the project's
   */
  async admit(caller: Caller, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { origin } = request.headers;
    if (origin === undefined || pageProjectOf(route) !== 'caller') return;
    const { full, projectId, realmId } = caller as Partial<EngagementCaller & ProjectCaller & SignedInCaller>;
    const project = projectId ?? realmId;
    if (project === undefined || project === staffRealmId) return;
    const verdict = await this.allow(project, origin, request, reply);
    if (verdict === 'refused' && full === false) throw httpErrors.failure('origin-not-allowed', 'This project does not take requests with the key alone from web pages of this origin: it is not one of its allowed_origins.');
  }

  /** @returns `off` when the project names no origins, or is not there */
  private async allow(project: string, origin: string, request: FastifyRequest, reply: FastifyReply): Promise<'allowed' | 'refused' | 'off'> {
    const allowed = await this.originsOf(project, request.id);
    if (allowed.length === 0) return 'off';
    const named = allowed.includes('*') ? '*' : allowed.find((each) => each === origin);
    if (named === undefined) return 'refused';
    letRead(reply, named);
    return 'allowed';
  }

  private async originsOf(project: string, requestId: string): Promise<readonly string[]> {
    return this.projects.find(project, requestId).then(
      ({ settings }) => settings.allowed_origins ?? [],
      (error: unknown) => {
        if (isFailure(error, 'project-not-found') || isFailure(error, 'invalid-request')) return [];
        throw error;
      },
    );
  }
}

function namedBy(place: Exclude<PageProject, 'caller' | 'open'>, { params, body }: FastifyRequest): string | undefined {
  const { project } = ((place === 'path' ? params : body) ?? {}) as { project?: unknown };
  return typeof project === 'string' ? project : undefined;
}
