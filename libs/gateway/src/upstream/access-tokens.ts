import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { invalidCredentials } from '../access/authorization-header.js';
import { RecentAnswers } from '../access/recent-answers.js';
import { Sessions } from './sessions.js';

/** What an access token of ours says. Users' tokens have `sid` and `realm`; clients' have `client_id`, `project` and `scope`. */
export interface AccessTokenClaims extends JWTPayload {
  sub: string;
  exp: number;
  sid?: string;
  realm?: string;
  client_id?: string;
  project?: string;
  scope?: string;
}

interface KeySet {
  issuer: string;
  find: ReturnType<typeof createLocalJWKSet>;
}

/** Which algorithms a token may be signed with: ours to say, never the token's. */
export const algorithms = ['EdDSA', 'ES256'];
const rememberedTokens = 10_000;

/**
 * Verifies access tokens with identity's public keys. A signature is checked once, and once more when the keys are others;
 * whether the session behind a token goes on is never known for longer than a second.
 */
@Injectable()
export class AccessTokens {
  private readonly keys: RecentAnswers<KeySet>;
  private readonly verified = new Map<string, AccessTokenClaims>();
  private latest: KeySet | undefined;
  private keySet = '';

  constructor(
    rpc: RpcClient,
    private readonly sessions: Sessions,
  ) {
    this.keys = new RecentAnswers(async (keySet, requestId) => {
      const { issuer, keys } = await rpc.call(identity.listSigningKeys, {}, { requestId });
      const known = { issuer, find: createLocalJWKSet({ keys }) };
      // Another replica of identity may not have heard of them yet: then it is asked anew.
      if (keys.map(({ kid }) => kid).join(' ') === keySet) this.latest = known;
      return known;
    });
  }

  /** @throws Failure `credentials-invalid` for a token that is not ours, not valid any more, or not an access token */
  async verify(token: string, requestId: string): Promise<AccessTokenClaims> {
    await this.followKeys(requestId);
    const known = this.verified.get(token);
    if (known !== undefined && known.exp * 1_000 > Date.now()) return known;
    const { keySet } = this;
    const claims = await this.verifySignature(token, requestId);
    // By keys that are, or may be, on their way out: good once more, and not remembered.
    if (this.latest === undefined || this.keySet !== keySet) return claims;
    if (this.verified.size >= rememberedTokens) this.verified.delete(this.verified.keys().next().value as string);
    this.verified.set(token, claims);
    return claims;
  }

  isSessionActive(sessionId: string, requestId: string): Promise<boolean> {
    return this.sessions.isActive(sessionId, requestId);
  }

  /** A key that was taken away takes the tokens along that it signed. */
  private async followKeys(requestId: string): Promise<void> {
    const keySet = await this.sessions.keySet(requestId);
    if (keySet === this.keySet) return;
    this.keySet = keySet;
    this.verified.clear();
    this.latest = undefined;
  }

  private async verifySignature(token: string, requestId: string): Promise<AccessTokenClaims> {
    const keys = this.latest ?? (await this.keys.get(this.keySet, requestId));
    try {
      return await check(token, keys);
    } catch (error) {
      // A key that we have not seen yet: it was rotated. Asked at most once a second, whatever tokens arrive.
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw invalidCredentials();
    }
    try {
      return await check(token, await this.keys.get(this.keySet, requestId));
    } catch (error) {
      if (error instanceof errors.JOSEError) throw invalidCredentials();
      throw error;
    }
  }
}

async function check(token: string, { issuer, find }: KeySet): Promise<AccessTokenClaims> {
  const { payload, protectedHeader } = await jwtVerify(token, find, { algorithms, typ: 'at+jwt', issuer, audience: 'rollcall', requiredClaims: ['sub', 'exp'] });
  // Ours have no extensions (RFC 7515, 4.1.11), whoever may understand them.
  if (Object.hasOwn(protectedHeader, 'crit')) throw new errors.JOSENotSupported('the token has a critical extension');
  return payload as AccessTokenClaims;
}
