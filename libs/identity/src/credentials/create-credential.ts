import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { identity } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { formatKey, randomSecret, type KeyKind } from '../keys/key-string.js';
import { hashSecret } from '../keys/secret-hash.js';
import { auditPlace, publicKind } from './audited-credential.js';
import { credentialsRepository, describeCredential, prefixOf } from './credentials.repository.js';

type Request = RequestOf<typeof identity.createCredential>;

/** An engagement key stands in web pages, so that it is no secret; but nobody shall find one by trying. */
const publicKeyBytes = 16;

/** Makes a credential and shows its secrets for the only time. */
@Injectable()
export class CreateCredential {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async execute(request: Request, context: CallContext): Promise<ResponseOf<typeof identity.createCredential>> {
    refuseOddScope(request);
    const credentialId = uuidv7();
    const { key, secret } = mint(request, credentialId);
    const row = {
      credentialId,
      kind: request.kind,
      name: request.name,
      projectId: request.projectId,
      organisationId: request.organisationId,
      roles: request.roles,
      keyHash: key === null ? null : hashSecret(key),
      secretHash: secret === null ? null : hashSecret(secret),
      createdBy: `${request.actor.type}:${request.actor.id}`,
    };
    const createdAt = await this.database.withTransaction(async (tx) => {
      const at = await credentialsRepository.insert(tx, row);
      await this.outbox.append(tx, context, event(identity.credentialCreated, { credentialId, kind: row.kind }));
      await auditTrail.append(tx, context, { actor: request.actor, action: `${publicKind[row.kind]}.created`, ...auditPlace(row), after: ['name', 'roles'] });
      return at;
    });
    return { credential: describeCredential(row), key, secret, prefix: prefixOf(row), createdAt };
  }
}

/** The gateway decides the scope from the route, so that an odd one is its mistake and not a user's. */
function refuseOddScope({ kind, projectId, organisationId }: Request): void {
  if (projectId !== null && organisationId !== null) throw platformErrors.failure('invalid-request', 'A credential speaks for a project or for an organisation, not for both.');
  if (kind !== 'api-key' && projectId === null) throw platformErrors.failure('invalid-request', `A credential of kind ${kind} speaks for a project.`);
}

function mint({ kind, projectId }: Request, id: string): { key: string | null; secret: string | null } {
  const make = (keyKind: KeyKind, secret: string) => formatKey({ kind: keyKind, id, secret });
  switch (kind) {
    case 'engagement':
      return { key: make('pub', randomSecret(publicKeyBytes)), secret: make('sec', randomSecret()) };
    case 'client':
      return { key: null, secret: make('client', randomSecret()) };
    case 'api-key':
      return { key: make(projectId === null ? 'admin' : 'proj', randomSecret()), secret: null };
  }
}
