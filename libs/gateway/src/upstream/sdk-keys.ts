import { Injectable } from '@nestjs/common';
import { importJWK, type CryptoKey } from 'jose';
import { identity } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { Changes } from '../access/changes.js';
import { RecentAnswers } from '../access/recent-answers.js';

/** An SDK key, ready to verify with. */
export interface VerifyingKey {
  sdkKey: identity.SdkKey;
  publicKey: CryptoKey;
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const longestName = 200;

/** SDK keys as identity knows them, asked at most once a second each; that there is none is remembered too. */
@Injectable()
export class SdkKeys {
  private readonly answers: RecentAnswers<VerifyingKey | undefined>;

  constructor(rpc: RpcClient, changes: Changes) {
    this.answers = new RecentAnswers(async (key, requestId) => {
      try {
        const sdkKey = await rpc.call(identity.findSdkKey, JSON.parse(key) as RequestOf<typeof identity.findSdkKey>, { requestId });
        return { sdkKey, publicKey: (await importJWK(sdkKey.publicJwk, sdkKey.algorithm)) as CryptoKey };
      } catch (error) {
        if (isFailure(error, 'sdk-key-not-found')) return undefined;
        throw error;
      }
    }, { changes });
  }

  /**
   * @param issuer the key's id, or its name where the project is known: a name alone could be taken by anybody
   * @returns undefined when there is no such key
   */
  async find(issuer: string, projectId: string | undefined, requestId: string): Promise<VerifyingKey | undefined> {
    if (uuid.test(issuer)) return this.answers.get(JSON.stringify({ sdkKeyId: issuer.toLowerCase() }), requestId);
    if (projectId === undefined || issuer === '' || issuer.length > longestName || issuer.includes('\0')) return undefined;
    return this.answers.get(JSON.stringify({ projectId, name: issuer }), requestId);
  }
}
