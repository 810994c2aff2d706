import type { FastifyRequest } from 'fastify';
import type { Actor, membership, ProjectPermission } from '#libs/contracts';
import type { EndUserToken } from '../upstream/end-user-tokens.js';
import type { Admin } from './admin.js';

/** Who asks, once they are known. */
export interface Caller {
  readonly actor: Actor;
}

/** Somebody who acts in one project. */
export interface ProjectCaller extends Caller {
  readonly projectId: string;
  readonly permissions: readonly ProjectPermission[];
  /** The session of an access token; null for a key. */
  readonly sessionId: string | null;
}

/** A client of the engagement surface; `full` when it showed its secret too. */
export interface EngagementCaller extends Caller {
  readonly projectId: string;
  readonly full: boolean;
}

/** A client of the environment surface. */
export interface EnvironmentCaller extends Caller {
  readonly projectId: string;
}

/** A user in person, of a project or of the staff. */
export interface SignedInCaller extends Caller {
  readonly realmId: string;
  readonly userId: string;
  readonly sessionId: string;
}

/** Staff, or an API key, on the admin surface. */
export interface AdminCaller extends Caller {
  /** What they reach and may do, wherever it is. */
  readonly admin: Admin;
  /**
   * What let them in, asked anew: an answer may take longer than that holds.
   * @throws Failure as the call would be refused now
   */
  readonly mustStillBeAllowed: () => Promise<void>;
}

/** A staff member in person. */
export interface StaffCaller extends AdminCaller {
  readonly userId: string;
}

/** Staff, or an API key, at work on an organisation. */
export interface AdminOrganisationCaller extends AdminCaller {
  readonly organisationId: string;
}

/** Staff, or an API key, at work on a team. */
export interface AdminTeamCaller extends AdminCaller {
  readonly teamId: string;
  readonly organisationId: string;
}

/** Staff, or an API key, at work on a project from the admin surface. */
export interface AdminProjectCaller extends AdminCaller {
  readonly projectId: string;
  readonly organisationId: string;
  readonly permissions: readonly string[];
}

/** Staff, or an API key, at work on what their body or query names. */
export interface AdminPlaceCaller extends AdminCaller {
  readonly place: membership.Scope | undefined;
}

/** An end user by the token that their application signed. */
export interface EndUserCaller extends Caller {
  readonly projectId: string;
  readonly token: EndUserToken;
}

/** On the request itself: a `WeakMap` of requests costs the collector more than all that it finds in it. */
const known = Symbol('rollcall.caller');
type KnownRequest = FastifyRequest & { [known]?: Caller };

/** As soon as it is known who calls, and once more when it is known what as. */
export function setCaller(request: FastifyRequest, caller: Caller): void {
  (request as KnownRequest)[known] = caller;
}

/** Before the guard has let them in: somebody who may be refused yet. */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return (request as KnownRequest)[known];
}
