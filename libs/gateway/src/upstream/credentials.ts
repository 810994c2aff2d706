import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import type { ResponseOf } from '#libs/platform/messages';
import { Changes } from '../access/changes.js';
import { RecentAnswers } from '../access/recent-answers.js';

type Authenticated = ResponseOf<typeof identity.authenticateCredential>;

/** Machine credentials as identity knows them, asked at most once a second each. */
@Injectable()
export class Credentials {
  /** Keyed by a hash: the cache holds no secrets. */
  private readonly presented = new Map<string, { key: string; secret: string | null }>();
  private readonly answers: RecentAnswers<Authenticated>;
  private readonly states: RecentAnswers<boolean>;

  constructor(private readonly rpc: RpcClient, changes: Changes) {
    this.answers = new RecentAnswers((name, requestId) => this.ask(name, requestId), { changes });
    this.states = new RecentAnswers(async (credentialId, requestId) => (await rpc.call(identity.checkCredential, { credentialId }, { requestId })).active, { changes });
  }

  /**
   * The cache's key tells apart whatever is presented: no secret from every secret, and each from any other.
   * @throws Failure `credential-unknown`
   */
  async authenticate(key: string, secret: string | null, requestId: string): Promise<Authenticated> {
    const name = hash('sha256', JSON.stringify([key, secret]), 'base64');
    this.presented.set(name, { key, secret });
    try {
      return await this.answers.get(name, requestId);
    } finally {
      this.presented.delete(name);
    }
  }

  /** Whether the credential that a token was issued to may still be used. */
  isActive(credentialId: string, requestId: string): Promise<boolean> {
    return this.states.get(credentialId, requestId);
  }

  private ask(name: string, requestId: string): Promise<Authenticated> {
    const { key, secret } = this.presented.get(name) as { key: string; secret: string | null };
    return this.rpc.call(identity.authenticateCredential, { key, secret }, { requestId });
  }
}
