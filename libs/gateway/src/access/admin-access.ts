import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { permissionMeanings, type Level, type membership, type PermissionAt } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { httpErrors } from '../http/http-errors.js';
import type { AdminPermission, PermissionsByLevel } from './access-rule.js';
import { AdminIdentity } from './admin-identity.js';
import type { Admin, AdminStanding } from './admin.js';
import type { AdminCaller, AdminOrganisationCaller, AdminPlaceCaller, AdminProjectCaller, AdminTeamCaller, StaffCaller } from './caller.js';

/** Places of a body or a query, from the narrowest to the widest, and the parameter that names each. */
const named = [
  { level: 'project', parameter: 'project_id' },
  { level: 'team', parameter: 'team_id' },
  { level: 'organisation', parameter: 'org_id' },
] as const satisfies { level: Level; parameter: string }[];

/**
 * Surface D: a staff member's access token or an API key. A place that is not the caller's is answered like one that is
 * not there; a place that is theirs, without what the call takes, is forbidden. Who they are is settled before whether
 * the place exists: strangers learn nothing.
 */
@Injectable()
export class AdminAccess {
  constructor(private readonly identity: AdminIdentity) {}

  async anywhere(request: FastifyRequest): Promise<AdminCaller> {
    const admin = await this.identity.identify(request);
    if (admin.userId === undefined && admin.key === undefined) throw httpErrors.failure('permission-missing', 'This call is for staff.');
    return { actor: admin.actor, admin, mustStillBeAllowed: () => admin.mustStillBeValid() };
  }

  async inPerson(request: FastifyRequest): Promise<StaffCaller> {
    const caller = await this.anywhere(request);
    const { userId } = caller.admin;
    if (userId === undefined) throw httpErrors.failure('user-required', 'This call is about the person who makes it: an API key is nobody.');
    return { ...caller, userId };
  }

  async toDeployment(request: FastifyRequest, permission: PermissionAt<'deployment'>): Promise<AdminCaller> {
    const caller = await this.anywhere(request);
    const { admin } = caller;
    const standing = async () => mustHold(await admin.at({ level: 'deployment' }), 'deployment', permission);
    await standing();
    return { ...caller, mustStillBeAllowed: stillAllowed(admin, standing) };
  }

  /** A route with `:org_id` in its path. */
  async toOrganisation(request: FastifyRequest, permission: PermissionAt<'organisation'>): Promise<AdminOrganisationCaller> {
    const admin = await this.identity.identify(request);
    const place = placeOf('organisation', parameterOf(request, 'org_id'));
    const standing = () => standingAt(admin, place, permission);
    const { organisationId } = await standing();
    return { actor: admin.actor, admin, mustStillBeAllowed: stillAllowed(admin, standing), organisationId: organisationId! };
  }

  /** A route with `:team_id` in its path. */
  async toTeam(request: FastifyRequest, permission: PermissionAt<'team'>): Promise<AdminTeamCaller> {
    const admin = await this.identity.identify(request);
    const place = placeOf('team', parameterOf(request, 'team_id'));
    const standing = () => standingAt(admin, place, permission);
    const { organisationId, teamId } = await standing();
    return { actor: admin.actor, admin, mustStillBeAllowed: stillAllowed(admin, standing), teamId: teamId!, organisationId: organisationId! };
  }

  /** A route with `:project_id` in its path. */
  async toProject(request: FastifyRequest, permission: AdminPermission): Promise<AdminProjectCaller> {
    const admin = await this.identity.identify(request);
    const place = placeOf('project', parameterOf(request, 'project_id'));
    const standing = () => standingAt(admin, place, permission);
    const { organisationId, permissions } = await standing();
    return { actor: admin.actor, admin, mustStillBeAllowed: stillAllowed(admin, standing), projectId: place.projectId, organisationId: organisationId!, permissions };
  }

  /** A route whose body or query names the place. What is not a text is left to the route's schema to refuse. */
  async toNamedPlace(request: FastifyRequest, from: 'body' | 'query', permissions: PermissionsByLevel): Promise<AdminPlaceCaller> {
    const caller = await this.anywhere(request);
    const input = (request[from] ?? {}) as Record<string, unknown>;
    const found = named.find(({ level, parameter }) => permissions[level] !== undefined && typeof input[parameter] === 'string' && input[parameter] !== '');
    if (found === undefined) return { ...caller, place: undefined };
    const place = placeOf(found.level, input[found.parameter] as string);
    const standing = () => standingAt(caller.admin, place, permissions[found.level]!);
    await standing();
    return { ...caller, mustStillBeAllowed: stillAllowed(caller.admin, standing), place };
  }
}

function stillAllowed(admin: Admin, standing: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    await admin.mustStillBeValid();
    await standing();
  };
}

/**
 * What the caller is at the place.
 * @throws Failure of a place that is not there, also for one that the caller has nothing to do with; `permission-missing`
 */
export async function standingAt(admin: Admin, place: membership.Scope, permission: string): Promise<AdminStanding> {
  const standing = await belongingAt(admin, place);
  mustHold(standing, place.level, permission);
  return standing;
}

/**
 * What the caller is at the place, whatever that allows.
 * @throws Failure of a place that is not there, also for one that the caller has nothing to do with
 */
export async function belongingAt(admin: Admin, place: membership.Scope): Promise<AdminStanding> {
  const standing = await admin.at(place).catch((error: unknown) => {
    throw isFailure(error, `${place.level}-not-found`) ? unknownPlace(place.level) : error;
  });
  if (!standing.belongs) throw unknownPlace(place.level);
  return standing;
}

function mustHold(standing: AdminStanding, level: Level, permission: string): void {
  if (standing.permissions.includes(permission)) return;
  const meanings: Readonly<Record<string, string>> = permissionMeanings[level];
  throw httpErrors.failure('permission-missing', `This call needs the permission ${permission} in the ${level}: ${meanings[permission] ?? permission}.`);
}

/** Surface D goes by ids; a slug, or anything else, is nobody's. */
export function placeOf<L extends 'organisation' | 'team' | 'project'>(level: L, text: string): Extract<membership.Scope, { level: L }> {
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)) throw unknownPlace(level);
  return { level, [`${level}Id`]: text.toLowerCase() } as Extract<membership.Scope, { level: L }>;
}

/** The same for a place that is not there and for one that the caller has nothing to do with. */
function unknownPlace(level: Level) {
  switch (level) {
    case 'organisation':
      return httpErrors.failure('organisation-not-found', 'There is no such organisation.');
    case 'team':
      return httpErrors.failure('team-not-found', 'There is no such team.');
    case 'project':
      return httpErrors.failure('project-not-found', 'There is no such project.');
    case 'deployment':
      return httpErrors.failure('permission-missing', 'This call is for administrators of the deployment.');
  }
}

function parameterOf(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}
