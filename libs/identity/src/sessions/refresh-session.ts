import { Inject, Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Logger } from '#libs/platform/logging';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { identityConfig } from '../identity.config.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { isOfFamily, isToken, nextRefreshToken, openChild, parseRefreshToken, refreshHash, sealChild, type RefreshToken } from './refresh-token.js';
import { sessionsRepository, type RefreshState } from './sessions.repository.js';

interface Rotated {
  userId: string;
  refreshToken: string;
}

interface Exchange {
  realmId: string;
  shown: RefreshToken;
  from: RefreshOrigin;
  context: CallContext;
}

type RefreshOrigin = Pick<RequestOf<typeof identity.refreshSession>, 'address' | 'userAgent'>;

/**
 * Exchanges a refresh token for its child and a new access token. A spent token shown within 10 s gets the same child, as
 * long as the child is unused: its holder lost the answer. Shown later, it may have been stolen, and the session ends.
 */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly database: Database,
    private readonly accessTokens: AccessTokens,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  async execute({ realmId, refreshToken, address, userAgent }: RequestOf<typeof identity.refreshSession>, context: CallContext): Promise<identity.IssuedTokens> {
    const shown = parseRefreshToken(refreshToken);
    if (shown === null) throw invalid();
    const { sessionId } = shown;
    // A reuse is answered after the commit, since a failure thrown inside would take the end of the session back.
    const rotated = await this.database.withTransaction((tx) => this.exchange(tx, { realmId, shown, from: { address, userAgent }, context }));
    if (rotated === null) throw invalid();
    const { token, expiresAt } = this.accessTokens.forUser({ userId: rotated.userId, realmId, sessionId });
    return { userId: rotated.userId, accessToken: token, expiresAt, refreshToken: rotated.refreshToken };
  }

  private async exchange(tx: Transaction, { realmId, shown, from, context }: Exchange): Promise<Rotated | null> {
    const session = await sessionsRepository.lock(tx, realmId, shown.sessionId);
    if (session === undefined || !session.isActive || !isOfFamily(shown, session.familyHash)) return null;
    const refreshToken = isToken(shown, session.refreshHash) ? await this.rotate(tx, realmId, shown, from) : givenBefore(shown, session);
    if (refreshToken !== null) return { userId: session.userId, refreshToken };
    const { userId } = session;
    const { sessionId } = shown;
    await sessionsRepository.end(tx, realmId, sessionId, 'token-reused');
    await this.outbox.append(tx, context, event(identity.sessionsEnded, { realmId, userId, sessionIds: [sessionId], reason: 'token-reused' }));
    tx.afterCommit(() => this.logger.warn({ requestId: context.requestId, userId, sessionId }, 'a spent refresh token was shown again: its session has ended'));
    return null;
  }

  private async rotate(tx: Transaction, realmId: string, parent: RefreshToken, from: RefreshOrigin): Promise<string> {
    const child = nextRefreshToken(parent);
    const next = { refreshHash: refreshHash(child), sealedChild: sealChild(parent, child), ...from };
    await sessionsRepository.rotate(tx, realmId, parent.sessionId, next, this.config.REFRESH_TOKEN_IDLE_TTL);
    return child.text;
  }
}

/** Only the last parent is remembered: when the child has been used, it is the child. */
function givenBefore(shown: RefreshToken, { parentHash, sealedChild, justRotated }: RefreshState): string | null {
  return justRotated && sealedChild !== null && isToken(shown, parentHash) ? openChild(shown, sealedChild) : null;
}

function invalid() {
  return identity.identityErrors.failure('refresh-token-invalid', 'The refresh token is not valid: log in again.');
}
