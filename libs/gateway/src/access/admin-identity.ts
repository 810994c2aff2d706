import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { staffRealmId, type membership } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { AccessTokens } from '../upstream/access-tokens.js';
import { Credentials } from '../upstream/credentials.js';
import { Places } from '../upstream/places.js';
import type { Admin, AdminStanding } from './admin.js';
import { bearerToken, invalidCredentials, longestCredential, missingCredentials } from './authorization-header.js';
import { setCaller } from './caller.js';
import { levelOf, permissionsOfKeyAt, rolesOfKeyAt } from './credential-reach.js';

/** Who calls the admin surface: `Authorization: Bearer` with a token or a key, `X-API-Key`, or `X-Atlas-API-Key`. */
@Injectable()
export class AdminIdentity {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly credentials: Credentials,
    private readonly places: Places,
  ) {}

  /** @throws Failure `credentials-missing`, `credentials-invalid` */
  async identify(request: FastifyRequest): Promise<Admin> {
    const presented = bearerToken(request.headers.authorization) ?? headerOf(request, 'x-api-key') ?? headerOf(request, 'x-atlas-api-key');
    if (presented === undefined) throw missingCredentials('a Bearer token of a staff member, or an API key in X-API-Key or as Bearer token');
    const admin = presented.startsWith('rc_') ? await this.ofKey(presented, request.id) : await this.ofToken(presented, request.id);
    setCaller(request, { actor: admin.actor });
    return admin;
  }

  private async ofToken(token: string, requestId: string): Promise<Admin> {
    const { sub, sid, realm } = await this.tokens.verify(token, requestId);
    if (sid === undefined) throw invalidCredentials();
    // Not the token's own time: what began within it may take longer.
    const mustStillBeValid = async () => {
      if (!(await this.tokens.isSessionActive(sid, requestId))) throw invalidCredentials();
    };
    await mustStillBeValid();
    const actor = { type: 'user', id: sub } as const;
    // A project's own users have no part in its administration, whatever their role is called.
    if (realm !== staffRealmId) return { actor, userId: undefined, key: undefined, mustStillBeValid, at: async (place) => this.ofCustomer(realm, place, requestId) };
    return { actor, userId: sub, key: undefined, mustStillBeValid, at: (place) => this.places.accessOf(sub, place, requestId) };
  }

  private async ofCustomer(realm: string | undefined, place: membership.Scope, requestId: string): Promise<AdminStanding> {
    const { organisationId, teamId, projectId } = await this.places.whereIs(place, requestId);
    return { belongs: projectId !== null && projectId === realm, roles: [], permissions: [], organisationId, teamId };
  }

  private async ofKey(key: string, requestId: string): Promise<Admin> {
    if (key.length > longestCredential) throw invalidCredentials();
    const authenticate = () =>
      this.credentials.authenticate(key, null, requestId).catch((error: unknown) => {
        throw isFailure(error, 'credential-unknown') ? invalidCredentials() : error;
      });
    const { credential } = await authenticate();
    if (credential.kind !== 'api-key') throw invalidCredentials();
    const { organisationId, projectId } = credential;
    return {
      actor: { type: 'credential', id: credential.credentialId },
      userId: undefined,
      key: { level: levelOf(credential), organisationId, projectId, roles: credential.roles },
      mustStillBeValid: async () => void (await authenticate()),
      at: async (place) => {
        const where = await this.places.whereIs(place, requestId);
        const roles = rolesOfKeyAt(credential, place.level, where);
        const permissions = roles === undefined ? [] : permissionsOfKeyAt(credential, place.level, roles);
        return { belongs: roles !== undefined, roles: roles ?? [], permissions, organisationId: where.organisationId, teamId: where.teamId };
      },
    };
  }
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
