import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { AuthenticateCredential } from './authenticate-credential.js';
import { CreateCredential } from './create-credential.js';
import { credentialsRepository } from './credentials.repository.js';
import { RevokeCredential } from './revoke-credential.js';

@Injectable()
export class CredentialsMessages {
  constructor(
    private readonly database: Database,
    private readonly createCredential: CreateCredential,
    private readonly authenticateCredential: AuthenticateCredential,
    private readonly revokeCredential: RevokeCredential,
  ) {}

  @Handles(identity.createCredential)
  async create(...[request]: HandlerArguments<typeof identity.createCredential>) {
    return this.createCredential.execute(request);
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
}
