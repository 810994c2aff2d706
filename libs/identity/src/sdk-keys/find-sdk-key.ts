import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { sdkKeysRepository } from './sdk-keys.repository.js';

/** Looks keys up: one of a project, or the one that a token names. */
@Injectable()
export class FindSdkKey {
  constructor(private readonly database: Database) {}

  async inProject({ projectId, sdkKeyId }: RequestOf<typeof identity.getSdkKey>): Promise<identity.SdkKey> {
    return found(await sdkKeysRepository.get(this.database, projectId, sdkKeyId));
  }

  async ofToken(by: RequestOf<typeof identity.findSdkKey>): Promise<identity.SdkKey> {
    return found('sdkKeyId' in by ? await sdkKeysRepository.find(this.database, by.sdkKeyId) : await sdkKeysRepository.findByName(this.database, by.projectId, by.name));
  }
}

function found(key: identity.SdkKey | undefined): identity.SdkKey {
  if (key === undefined) throw noSuchKey();
  return key;
}

export function noSuchKey() {
  return identity.identityErrors.failure('sdk-key-not-found', 'There is no such SDK key.');
}
