import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { parseKey, type KeyKind } from '../keys/key-string.js';
import { secretFits } from '../keys/secret-hash.js';
import { CredentialUse } from './credential-use.js';
import { credentialsRepository, describeCredential, type StoredCredential } from './credentials.repository.js';

type Request = RequestOf<typeof identity.authenticateCredential>;

/** Says whom a key, with or without its secret, speaks for. Client credentials are exchanged for a token and no key. */
@Injectable()
export class AuthenticateCredential {
  constructor(
    private readonly database: Database,
    private readonly use: CredentialUse,
  ) {}

  async execute({ key, secret }: Request): Promise<ResponseOf<typeof identity.authenticateCredential>> {
    const parsed = parseKey(key, 'pub', 'admin', 'proj');
    if (parsed === null) throw unknown();
    const stored = await credentialsRepository.find(this.database, parsed.id);
    if (stored === undefined || !isOfKind(stored, parsed.kind) || !secretFits(key, stored.keyHash)) throw unknown();
    const full = provesAll(stored, secret ?? '');
    this.use.record(stored);
    return { credential: describeCredential(stored), full };
  }
}

/**
 * Whether key and secret are all that the kind has. An empty secret is none: HTTP's Basic scheme can't leave it out.
 * @throws Failure for a secret that is not the key's: who sends one means to be more than the key alone is
 */
function provesAll(stored: StoredCredential, secret: string): boolean {
  if (secret === '') return stored.secretHash === null;
  const parsed = parseKey(secret, 'sec');
  if (parsed?.id !== stored.credentialId || !secretFits(secret, stored.secretHash)) throw unknown();
  return true;
}

function isOfKind({ kind, projectId }: StoredCredential, keyKind: KeyKind): boolean {
  switch (kind) {
    case 'engagement':
      return keyKind === 'pub';
    case 'api-key':
      return keyKind === (projectId === null ? 'admin' : 'proj');
    case 'client':
      return false;
  }
}

function unknown() {
  return identity.identityErrors.failure('credential-unknown', 'The credentials are not known.');
}
