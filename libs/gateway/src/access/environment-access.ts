import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isFailure } from '#libs/platform/errors';
import { httpErrors } from '../http/http-errors.js';
import { AccessTokens } from '../upstream/access-tokens.js';
import { Credentials } from '../upstream/credentials.js';
import { Projects } from '../upstream/projects.js';
import { bearerToken, invalidCredentials, missingCredentials } from './authorization-header.js';
import { setCaller, type EnvironmentCaller } from './caller.js';

/** Surface A: a Bearer token from client credentials. It names its project; a path that names another is an unknown path. */
@Injectable()
export class EnvironmentAccess {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly credentials: Credentials,
    private readonly projects: Projects,
  ) {}

  async authenticate(request: FastifyRequest, role: string): Promise<EnvironmentCaller> {
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) throw missingCredentials('a Bearer token from POST /oauth2/token');
    const claims = await this.tokens.verify(token, request.id);
    if (claims.client_id === undefined || claims.project === undefined) throw invalidCredentials();
    if (!(await this.credentials.isActive(claims.client_id, request.id))) throw invalidCredentials();
    // The clients of a project that was deleted open nothing any more.
    await this.projects.find(claims.project, request.id).catch((error: unknown) => {
      throw isFailure(error, 'project-not-found') ? invalidCredentials() : error;
    });
    const actor = { type: 'credential', id: claims.client_id } as const;
    setCaller(request, { actor });
    await this.mustBeIn(request, claims.project);
    if (!(claims.scope ?? '').split(' ').includes(role)) throw httpErrors.failure('permission-missing', `This call needs a token with the role ${role}.`);
    return { actor, projectId: claims.project };
  }

  private async mustBeIn(request: FastifyRequest, projectId: string): Promise<void> {
    const { project: named } = request.params as { project?: string };
    if (named === undefined) return;
    const found = await this.projects.find(named, request.id).catch((error: unknown) => {
      if (isFailure(error, 'project-not-found') || isFailure(error, 'invalid-request')) return undefined;
      throw error;
    });
    if (found?.projectId !== projectId) throw unknownProject();
  }
}

/** The same for a project that is not there and for one that the caller has nothing to do with. */
export function unknownProject() {
  return httpErrors.failure('project-not-found', 'There is no such project.');
}
