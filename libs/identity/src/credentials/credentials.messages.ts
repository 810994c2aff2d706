import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { AuthenticateCredential } from './authenticate-credential.js';
import { CreateCredential } from './create-credential.js';
import { credentialsRepository, manageCredential } from './credentials.repository.js';
import { ListCredentials } from './list-credentials.js';
import { RevokeCredential } from './revoke-credential.js';

@Injectable()
export class CredentialsMessages {
  constructor(
    private readonly database: Database,
    private readonly createCredential: CreateCredential,
    private readonly authenticateCredential: AuthenticateCredential,
    private readonly revokeCredential: RevokeCredential,
    private readonly listCredentials: ListCredentials,
  ) {}

  @Handles(identity.createCredential)
  async create(...[request, context]: HandlerArguments<typeof identity.createCredential>) {
    return this.createCredential.execute(request, context);
  }

  @Handles(identity.authenticateCredential)
  async authenticate(...[request]: HandlerArguments<typeof identity.authenticateCredential>) {
    return this.authenticateCredential.execute(request);
  }

  @Handles(identity.checkCredential)
  async check(...[{ credentialId }]: HandlerArguments<typeof identity.checkCredential>) {
    return { active: await credentialsRepository.isActive(this.database, credentialId) };
  }

  @Handles(identity.revokeCredential)
  async revoke(...[request, context]: HandlerArguments<typeof identity.revokeCredential>) {
    await this.revokeCredential.execute(request, context);
    return {};
  }

  @Handles(identity.listCredentials)
  async list(...[request]: HandlerArguments<typeof identity.listCredentials>) {
    return this.listCredentials.execute(request);
  }

  @Handles(identity.getCredential)
  async get(...[{ group, credentialId }]: HandlerArguments<typeof identity.getCredential>) {
    const found = await credentialsRepository.get(this.database, group, credentialId);
    if (found === undefined) throw identity.identityErrors.failure('credential-not-found', 'There is no such credential.');
    return manageCredential(found);
  }
}
