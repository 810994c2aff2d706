import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { identityConfig } from '../identity.config.js';
import { compactJws } from './compact-jws.js';
import { SigningKeys } from './signing-keys.js';

/** `aud` of every access token: this deployment's gateways. */
const audience = 'rollcall';
/** Seconds; what OAuth clients of surface A are told. */
export const clientTokenTtl = 3_600;

/** Signs access tokens (RFC 9068). They hold ids and nothing personal: logs and proxies see them. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /** @returns the token, and when it expires in Unix seconds */
  forUser({ userId, realmId, sessionId }: { userId: string; realmId: string; sessionId: string }): { token: string; expiresAt: number } {
    return this.sign({ sub: userId, sid: sessionId, realm: realmId }, this.config.ACCESS_TOKEN_TTL);
  }

  forClient({ credentialId, projectId, scope }: { credentialId: string; projectId: string; scope: string }): { token: string; expiresAt: number } {
    return this.sign({ sub: credentialId, client_id: credentialId, project: projectId, scope }, clientTokenTtl);
  }

  private sign(claims: Readonly<Record<string, string>>, ttl: number): { token: string; expiresAt: number } {
    const issuedAt = Math.floor(Date.now() / 1_000);
    const expiresAt = issuedAt + ttl;
    const token = compactJws(this.keys.signer(), 'at+jwt', { iss: this.config.TOKEN_ISSUER, aud: audience, iat: issuedAt, exp: expiresAt, jti: randomUUID(), ...claims });
    return { token, expiresAt };
  }
}
