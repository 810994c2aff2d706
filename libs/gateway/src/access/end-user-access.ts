import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isFailure } from '#libs/platform/errors';
import { httpErrors } from '../http/http-errors.js';
import { EndUserTokens, type EndUserToken } from '../upstream/end-user-tokens.js';
import { Projects } from '../upstream/projects.js';
import { bearerToken, missingCredentials } from './authorization-header.js';
import { setCaller, type EndUserCaller } from './caller.js';
import { unknownProject } from './environment-access.js';

/** Surface A: a token that the application signed for its end user. Its key says the project; a path that names another is an unknown path. */
@Injectable()
export class EndUserAccess {
  constructor(
    private readonly tokens: EndUserTokens,
    private readonly projects: Projects,
  ) {}

  async authenticate(request: FastifyRequest): Promise<EndUserCaller> {
    const presented = bearerToken(request.headers.authorization);
    if (presented === undefined) throw missingCredentials('a Bearer token that your application signed for its end user');
    const { named, projectId, token } = await this.verify(presented, request);
    if (named !== undefined && token.sdkKey.projectId !== projectId) throw unknownProject();
    return callerBy(token);
  }

  /**
   * Why a caller was not let in by another rule: a good end-user token is nobody unknown, but may not.
   * @throws always: the failure itself, or `permission-missing`
   */
  async explain(error: unknown, request: FastifyRequest): Promise<never> {
    const presented = bearerToken(request.headers.authorization);
    if (presented === undefined || (!isFailure(error, 'credentials-invalid') && !isFailure(error, 'credentials-missing'))) throw error;
    const isGood = await this.verify(presented, request).then(
      () => true,
      () => false,
    );
    throw isGood ? httpErrors.failure('permission-missing', 'An end user’s token is good for /users/me and what is below it.') : error;
  }

  private async verify(presented: string, request: FastifyRequest) {
    const { project: named } = request.params as { project?: string };
    const projectId = named === undefined ? undefined : await this.idOf(named, request.id);
    const token = await this.tokens.verify(presented, projectId, request.id);
    setCaller(request, callerBy(token));
    return { named, projectId, token };
  }

  /** Undefined when there is no such project. */
  private async idOf(project: string, requestId: string): Promise<string | undefined> {
    return this.projects.find(project, requestId).then(
      ({ projectId }) => projectId,
      (error: unknown) => {
        if (isFailure(error, 'project-not-found') || isFailure(error, 'invalid-request')) return undefined;
        throw error;
      },
    );
  }
}

function callerBy(token: EndUserToken): EndUserCaller {
  return { actor: { type: 'credential', id: token.sdkKey.sdkKeyId }, projectId: token.sdkKey.projectId, token };
}
