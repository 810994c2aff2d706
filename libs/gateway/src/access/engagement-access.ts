import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isFailure } from '#libs/platform/errors';
import { Credentials } from '../upstream/credentials.js';
import { Projects } from '../upstream/projects.js';
import { basicCredentials, invalidCredentials, longestCredential, missingCredentials } from './authorization-header.js';
import type { EngagementCaller } from './caller.js';

/** Surface B: Basic, the key as user name, the secret as password where the call needs it. */
@Injectable()
export class EngagementAccess {
  constructor(
    private readonly credentials: Credentials,
    private readonly projects: Projects,
  ) {}

  async authenticate(request: FastifyRequest, secret: 'optional' | 'required'): Promise<EngagementCaller> {
    const basic = basicCredentials(request.headers.authorization);
    if (basic === undefined || basic.user === '') throw missingCredentials('your key as the user name of HTTP Basic authentication');
    if (basic.user.length > longestCredential || basic.password.length > longestCredential) throw invalidCredentials();
    const { credential, full } = await this.credentials.authenticate(basic.user, basic.password === '' ? null : basic.password, request.id).catch((error: unknown) => {
      throw isFailure(error, 'credential-unknown') ? invalidCredentials() : error;
    });
    if (credential.kind !== 'engagement' || credential.projectId === null) throw invalidCredentials();
    // The keys of a project that was deleted open nothing any more.
    await this.projects.find(credential.projectId, request.id).catch((error: unknown) => {
      throw isFailure(error, 'project-not-found') ? invalidCredentials() : error;
    });
    if (secret === 'required' && !full) throw missingCredentials('your secret too, as the password of HTTP Basic authentication');
    return { actor: { type: 'credential', id: credential.credentialId }, projectId: credential.projectId, full };
  }
}
