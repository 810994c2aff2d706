import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { membership, ProjectPermission } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { httpErrors } from '../http/http-errors.js';
import { AccessTokens } from '../upstream/access-tokens.js';
import { Credentials } from '../upstream/credentials.js';
import { Projects } from '../upstream/projects.js';
import { bearerToken, invalidCredentials, longestCredential, missingCredentials } from './authorization-header.js';
import { setCaller, type ProjectCaller, type SignedInCaller } from './caller.js';
import { permissionsOf, reaches } from './credential-reach.js';
import { unknownProject } from './environment-access.js';

/** What a caller may do in a project, and whether the project is theirs at all. */
interface Standing {
  caller: ProjectCaller;
  belongs: boolean;
}

/** Surface C: a user's access token or an API key, and the permission in the project of the path. */
@Injectable()
export class ProjectAccess {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly credentials: Credentials,
    private readonly projects: Projects,
  ) {}

  async authenticate(request: FastifyRequest, permission: ProjectPermission): Promise<ProjectCaller> {
    const presented = bearerToken(request.headers.authorization) ?? headerOf(request, 'x-api-key');
    if (presented === undefined) throw missingCredentials('a Bearer token of a user or of an API key');
    // Who they are is settled before whether the project exists: strangers learn nothing about projects.
    const standingIn = presented.startsWith('rc_') ? await this.ofKey(presented, request) : await this.ofToken(presented, request);
    const { caller, belongs } = await standingIn(await this.projectOf(request));
    if (!belongs) throw unknownProject();
    if (!caller.permissions.includes(permission)) throw httpErrors.failure('permission-missing', `This call needs the permission ${permission} in the project.`);
    return caller;
  }

  /** Whoever is logged in, wherever they are at home. */
  async inPerson(request: FastifyRequest): Promise<SignedInCaller> {
    const presented = bearerToken(request.headers.authorization) ?? headerOf(request, 'x-api-key');
    if (presented === undefined) throw missingCredentials('a Bearer token of a user');
    if (presented.startsWith('rc_')) {
      await this.ofKey(presented, request);
      throw httpErrors.failure('user-required', 'This call is about the person who makes it: an API key is nobody.');
    }
    const { sub, sid, realm } = await this.tokens.verify(presented, request.id);
    if (sid === undefined || realm === undefined || !(await this.tokens.isSessionActive(sid, request.id))) throw invalidCredentials();
    return { actor: { type: 'user', id: sub }, realmId: realm, userId: sub, sessionId: sid };
  }

  private async projectOf(request: FastifyRequest): Promise<membership.Project> {
    const { project } = request.params as { project: string };
    return this.projects.find(project, request.id).catch((error: unknown) => {
      throw isFailure(error, 'project-not-found') || isFailure(error, 'invalid-request') ? unknownProject() : error;
    });
  }

  private async ofToken(token: string, request: FastifyRequest): Promise<(project: membership.Project) => Promise<Standing>> {
    const { sub, sid, realm } = await this.tokens.verify(token, request.id);
    if (sid === undefined || !(await this.tokens.isSessionActive(sid, request.id))) throw invalidCredentials();
    const actor = { type: 'user', id: sub } as const;
    setCaller(request, { actor });
    return async ({ projectId }) => {
      const { paths, permissions } = await this.projects.accessOf(sub, projectId, request.id);
      return { caller: { actor, projectId, permissions, sessionId: sid }, belongs: realm === projectId || paths.length > 0 };
    };
  }

  private async ofKey(key: string, request: FastifyRequest): Promise<(project: membership.Project) => Promise<Standing>> {
    if (key.length > longestCredential) throw invalidCredentials();
    const { credential } = await this.credentials.authenticate(key, null, request.id).catch((error: unknown) => {
      throw isFailure(error, 'credential-unknown') ? invalidCredentials() : error;
    });
    if (credential.kind !== 'api-key') throw invalidCredentials();
    const actor = { type: 'credential', id: credential.credentialId } as const;
    setCaller(request, { actor });
    return async (project) => {
      const permissions = reaches(credential, project) ? permissionsOf(credential.roles) : [];
      return { caller: { actor, projectId: project.projectId, permissions, sessionId: null }, belongs: reaches(credential, project) };
    };
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
