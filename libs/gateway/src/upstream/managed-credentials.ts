import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { identity, type Actor } from '#libs/contracts';
import type { CallContext, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

type Created = ResponseOf<typeof identity.createCredential>;

/** Machine credentials as those manage them who administer their project or organisation. */
@Injectable()
export class ManagedCredentials {
  constructor(private readonly rpc: RpcClient) {}

  /** @returns the credential with its secrets, for the only time */
  async create(group: identity.CredentialGroup, { name, roles }: { name: string; roles: string[] }, actor: Actor, context: CallContext): Promise<{ made: Created; credential: identity.ManagedCredential }> {
    const made = await this.rpc.call(identity.createCredential, { ...group, name, roles, actor }, context);
    const { credential, prefix, createdAt } = made;
    return { made, credential: { ...credential, prefix, createdAt, createdBy: `${actor.type}:${actor.id}`, lastUsedAt: null } };
  }

  list(group: identity.CredentialGroup, page: { limit: number; cursor?: string | undefined }, context: CallContext): Promise<ResponseOf<typeof identity.listCredentials>> {
    return this.rpc.call(identity.listCredentials, { group, ...page }, context);
  }

  /** @throws Failure `credential-not-found`, also for one of another group */
  async get(group: identity.CredentialGroup, credentialId: string, context: CallContext): Promise<identity.ManagedCredential> {
    return this.rpc.call(identity.getCredential, { group, credentialId: existing(credentialId) }, context);
  }

  /** @throws Failure `credential-not-found`, also for one of another group */
  async revoke(group: identity.CredentialGroup, credentialId: string, actor: Actor, context: CallContext): Promise<void> {
    await this.rpc.call(identity.revokeCredential, { group, credentialId: existing(credentialId), actor }, context);
  }
}

/** What is not an id can't be any credential's: the same 404 as an unknown one. */
function existing(id: string): string {
  if (z.uuid().safeParse(id).success) return id;
  throw identity.identityErrors.failure('credential-not-found', 'There is no such credential.');
}
