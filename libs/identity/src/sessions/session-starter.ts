import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import type { Transaction } from '#libs/platform/database';
import { identityConfig } from '../identity.config.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { familyHash, firstRefreshToken, refreshHash } from './refresh-token.js';
import { sessionsRepository, type NewSession, type SessionLifetime } from './sessions.repository.js';

export interface SessionOwner {
  realmId: string;
  userId: string;
  address: string | null;
  userAgent: string | null;
}

export interface PreparedSession {
  sessionId: string;
  tokens: identity.IssuedTokens;
  row: NewSession;
  lifetime: SessionLifetime;
  /** Writes the session down. The tokens are good once the transaction has committed. */
  save(tx: Transaction): Promise<void>;
}

/** Begins sessions. Signing comes first, so that nothing is written for tokens that nobody gets. */
@Injectable()
export class SessionStarter {
  constructor(
    private readonly accessTokens: AccessTokens,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  prepare({ realmId, userId, address, userAgent }: SessionOwner): PreparedSession {
    const sessionId = uuidv7();
    const refresh = firstRefreshToken(sessionId);
    const { token, expiresAt } = this.accessTokens.forUser({ userId, realmId, sessionId });
    const row = { realmId, userId, sessionId, familyHash: familyHash(refresh), refreshHash: refreshHash(refresh), address, userAgent };
    const lifetime = { idle: this.config.REFRESH_TOKEN_IDLE_TTL, total: this.config.REFRESH_TOKEN_TTL };
    return {
      sessionId,
      tokens: { userId, accessToken: token, expiresAt, refreshToken: refresh.text },
      row,
      lifetime,
      save: (tx) => sessionsRepository.insert(tx, row, lifetime),
    };
  }
}
