import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { staffRealmId, type membership } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { httpErrors } from '../http/http-errors.js';
import { AccessTokens } from '../upstream/access-tokens.js';
import { Credentials } from '../upstream/credentials.js';
import { Projects } from '../upstream/projects.js';
import { StaffRoles } from '../upstream/staff-roles.js';
import type { AdminPermission } from './access-rule.js';
import { bearerToken, invalidCredentials, missingCredentials } from './authorization-header.js';
import type { AdminOrganisationCaller, AdminProjectCaller } from './caller.js';
import { permissionsOf, projectRolesOf, reaches } from './credential-reach.js';
import { unknownProject } from './environment-access.js';

/** What a caller may do at a place, and whether they have anything to do with it at all. */
interface Standing<C> {
  caller: C;
  belongs: boolean;
  administers: boolean;
}

/** Somebody whose credential is good, before it is known what they may do where. */
interface Known {
  inProject(project: membership.Project): Promise<Standing<AdminProjectCaller>>;
  inOrganisation(organisationId: string): Promise<Standing<AdminOrganisationCaller>>;
}

/**
 * Surface D: a staff member's access token or an API key. A place that is not the caller's is answered like one that is
 * not there; a place that is theirs, without the rank that the call takes, is forbidden.
 */
@Injectable()
export class AdminAccess {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly credentials: Credentials,
    private readonly projects: Projects,
    private readonly staffRoles: StaffRoles,
  ) {}

  /** A route with `:project_id` in its path. */
  async toProject(request: FastifyRequest, permission: AdminPermission): Promise<AdminProjectCaller> {
    // Who they are is settled before whether the project exists: strangers learn nothing about projects.
    const known = await this.identify(request);
    const { caller, belongs, administers } = await known.inProject(await this.projectOf(request));
    if (!belongs) throw unknownProject();
    if (permission === 'project:administer' ? !administers : !caller.permissions.includes(permission)) {
      throw httpErrors.failure('permission-missing', permission === 'project:administer' ? 'This call takes an administrator of the project.' : `This call needs the permission ${permission} in the project.`);
    }
    return caller;
  }

  /** A route with `:org_id` in its path. */
  async toOrganisation(request: FastifyRequest): Promise<AdminOrganisationCaller> {
    const known = await this.identify(request);
    const { caller, belongs, administers } = await known.inOrganisation((await this.organisationOf(request)).organisationId);
    if (!belongs) throw unknownOrganisation();
    if (!administers) throw httpErrors.failure('permission-missing', 'This call takes an administrator of the organisation.');
    return caller;
  }

  private async identify(request: FastifyRequest): Promise<Known> {
    const presented = bearerToken(request.headers.authorization) ?? headerOf(request, 'x-api-key') ?? headerOf(request, 'x-atlas-api-key');
    if (presented === undefined) throw missingCredentials('a Bearer token of a staff member, or an API key in X-API-Key or as Bearer token');
    return presented.startsWith('rc_') ? this.ofKey(presented, request.id) : this.ofToken(presented, request.id);
  }

  private async projectOf(request: FastifyRequest): Promise<membership.Project> {
    const { project_id: projectId } = request.params as { project_id: string };
    // Surface D goes by ids; a slug, or anything else, is nobody's.
    if (!isId(projectId)) throw unknownProject();
    return this.projects.find(projectId, request.id).catch((error: unknown) => {
      throw isFailure(error, 'project-not-found') ? unknownProject() : error;
    });
  }

  private async organisationOf(request: FastifyRequest): Promise<membership.Organisation> {
    const { org_id: organisationId } = request.params as { org_id: string };
    if (!isId(organisationId)) throw unknownOrganisation();
    return this.staffRoles.organisation(organisationId, request.id).catch((error: unknown) => {
      throw isFailure(error, 'organisation-not-found') ? unknownOrganisation() : error;
    });
  }

  private async ofToken(token: string, requestId: string): Promise<Known> {
    const { sub, sid, realm } = await this.tokens.verify(token, requestId);
    if (sid === undefined || !(await this.tokens.isSessionActive(sid, requestId))) throw invalidCredentials();
    const actor = { type: 'user', id: sub } as const;
    const isStaff = realm === staffRealmId;
    return {
      inProject: async ({ projectId, organisationId }) => {
        // A project's own users have no part in its administration, whatever their role is called.
        if (!isStaff) return { caller: { actor, projectId, permissions: [] }, belongs: realm === projectId, administers: false };
        const { paths, permissions } = await this.projects.accessOf(sub, projectId, requestId);
        const belongs = paths.length > 0 || (await this.staffRoles.roleIn(sub, organisationId, requestId)) !== undefined;
        return { caller: { actor, projectId, permissions }, belongs, administers: paths.some(({ projectRole }) => projectRole === 'project_admin') };
      },
      inOrganisation: async (organisationId) => {
        const role = isStaff ? await this.staffRoles.roleIn(sub, organisationId, requestId) : undefined;
        return { caller: { actor, organisationId }, belongs: role !== undefined, administers: role === 'org_admin' || role === 'super_admin' };
      },
    };
  }

  private async ofKey(key: string, requestId: string): Promise<Known> {
    const { credential } = await this.credentials.authenticate(key, null, requestId).catch((error: unknown) => {
      throw isFailure(error, 'credential-unknown') ? invalidCredentials() : error;
    });
    if (credential.kind !== 'api-key') throw invalidCredentials();
    const actor = { type: 'credential', id: credential.credentialId } as const;
    return {
      inProject: (project) => {
        const belongs = reaches(credential, project);
        // A project's own key does not administer it: one that leaked could make others that outlive it.
        const administers = credential.projectId === null && projectRolesOf(credential.roles).includes('project_admin');
        return Promise.resolve({ caller: { actor, projectId: project.projectId, permissions: permissionsOf(credential.roles) }, belongs, administers });
      },
      inOrganisation: (organisationId) => {
        const isOfDeployment = credential.projectId === null && credential.organisationId === null;
        const administers = credential.roles.includes(isOfDeployment ? 'super_admin' : 'org_admin');
        return Promise.resolve({ caller: { actor, organisationId }, belongs: isOfDeployment || credential.organisationId === organisationId, administers });
      },
    };
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
}

/** The same for an organisation that is not there and for one that the caller has nothing to do with. */
function unknownOrganisation() {
  return httpErrors.failure('organisation-not-found', 'There is no such organisation.');
}
