import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { type identity, uidText } from '#libs/contracts';
import { invalidCredentials } from '../access/authorization-header.js';
import { SdkKeys, type VerifyingKey } from './sdk-keys.js';

/** A token that an application signed for its end user, verified. */
export interface EndUserToken {
  /** SHA-256 of the token, which itself is kept nowhere. */
  readonly hash: string;
  /** `sub`. */
  readonly uid: string;
  /** The key that it was signed with, as it is now. */
  readonly sdkKey: identity.SdkKey;
  readonly payload: JWTPayload;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const rememberedTokens = 5_000;
const longestLifeMs = 24 * 3_600_000;
/** Clocks of others may be this far from ours, where that does no harm: `nbf`, and how far ahead `exp` may be. */
const clockDifferenceSeconds = 5;
/** Headers by which a token would bring, or point at, the key that it wants to be verified with (RFC 7515, 4.1). */
const embeddedKeys = ['jwk', 'jku', 'x5u', 'x5c'];
/** Verifies end-user tokens. A signature is checked once; whether the key is still what it was is asked at most once a second. */
@Injectable()
export class EndUserTokens {
  private readonly verified = new Map<string, EndUserToken>();

  constructor(private readonly sdkKeys: SdkKeys) {}

  /**
   * @param projectId of the path, where it names one
   * @throws Failure `credentials-invalid`
   */
  async verify(token: string, projectId: string | undefined, requestId: string): Promise<EndUserToken> {
    const key = await this.sdkKeys.find(issuerOf(token), projectId, requestId);
    if (key === undefined) throw invalidCredentials();
    const hash = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(hash);
    if (known?.sdkKey.sdkKeyId === key.sdkKey.sdkKeyId && known.sdkKey.version === key.sdkKey.version) {
      if (known.expiresAt > Date.now()) return known;
      this.verified.delete(hash);
    }
    const fresh = { hash, ...(await check(token, key)), sdkKey: key.sdkKey };
    this.verified.delete(hash);
    if (this.verified.size >= rememberedTokens) this.verified.delete(this.verified.keys().next().value as string);
    this.verified.set(hash, fresh);
    return fresh;
  }
}

/** Who says they signed it: only where to look for the key, until the signature is checked. */
function issuerOf(token: string): string {
  try {
    const header = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    if (typeof iss === 'string' && !embeddedKeys.some((name) => Object.hasOwn(header, name))) return iss;
  } catch {
    // It is no JWT at all.
  }
  throw invalidCredentials();
}

async function check(token: string, { sdkKey, publicKey }: VerifyingKey): Promise<Pick<EndUserToken, 'uid' | 'payload' | 'expiresAt'>> {
  const { payload } = await jwtVerify(token, publicKey, { algorithms: [sdkKey.algorithm], requiredClaims: ['sub', 'exp'], clockTolerance: clockDifferenceSeconds }).catch((error: unknown) => {
    throw error instanceof errors.JOSEError ? invalidCredentials() : error;
  });
  const { sub: uid, exp } = payload as { sub: unknown; exp: number };
  const expiresAt = exp * 1_000;
  const left = expiresAt - Date.now();
  if (left <= 0 || left > longestLifeMs + clockDifferenceSeconds * 1_000) throw invalidCredentials();
  // A token for somebody who can't be is nobody's.
  const known = uidText.safeParse(uid);
  if (!known.success) throw invalidCredentials();
  return { uid: known.data, payload, expiresAt };
}
