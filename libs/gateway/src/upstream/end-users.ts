import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { identity, permissionsOfClients, profiles } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import type { EndUserCaller } from '../access/caller.js';
import { mapClaims, refusedClaims, toPatch } from './claims.js';

/** The user of a token, once its claims were written to the profile. */
interface Settled {
  userId: string;
  /** Names of claims that the profile did not take. */
  skipped: readonly string[];
}

const rememberedTokens = 10_000;

/**
 * The users of end-user tokens. The first use of a token creates the user or updates them with its claims; later ones
 * find them settled. That is remembered here, and noted in identity for other gateways and later starts: claims written
 * again would undo what was changed since.
 */
@Injectable()
export class EndUsers {
  private readonly settled = new Map<string, Promise<Settled>>();

  constructor(private readonly rpc: RpcClient) {}

  /**
   * Does something with the caller's user.
   * @throws Failure `user-erased`: a token never brings anybody back
   */
  async with<T>(caller: EndUserCaller, requestId: string, work: (userId: string) => Promise<T>): Promise<{ result: T; skipped: readonly string[] }> {
    const { userId, skipped } = await this.settle(caller, requestId);
    try {
      return { result: await work(userId), skipped };
    } catch (error) {
      if (!isFailure(error, 'user-not-found') && !isFailure(error, 'user-erased')) throw error;
    }
    // Whom we remember is gone: erased, which the next line throws, or somebody was made anew under the same id.
    this.settled.delete(keyOf(caller));
    const anew = await this.settle(caller, requestId);
    return { result: await work(anew.userId), skipped: anew.skipped };
  }

  private settle(caller: EndUserCaller, requestId: string): Promise<Settled> {
    const key = keyOf(caller);
    const known = this.settled.get(key);
    if (known !== undefined) return known;
    if (this.settled.size >= rememberedTokens) this.settled.delete(this.settled.keys().next().value as string);
    const settling = this.find(caller, requestId).then((found) => found ?? this.writeClaims(caller, requestId));
    this.settled.set(key, settling);
    settling.catch(() => {
      if (this.settled.get(key) === settling) this.settled.delete(key);
    });
    return settling;
  }

  /** The user of a token that was settled before, here or elsewhere; undefined when it was not, or when they are gone. */
  private async find(caller: EndUserCaller, requestId: string): Promise<Settled | undefined> {
    const { projectId, token } = caller;
    const { use } = await this.rpc.call(identity.findTokenUse, { projectId, token: keyOf(caller) }, { requestId });
    if (use === null) return undefined;
    try {
      const user = await this.rpc.call(profiles.getUser, { realmId: projectId, user: { uid: token.uid } }, { requestId });
      // Somebody without a uid of their own may go by this one, as their email. They are not whom the token means.
      return user.externalId === token.uid ? { userId: user.userId, skipped: use.skipped } : undefined;
    } catch (error) {
      if (isFailure(error, 'user-not-found')) return undefined;
      throw error;
    }
  }

  /** What the profile refuses is left out, until the rest is taken. */
  private async writeClaims(caller: EndUserCaller, requestId: string): Promise<Settled> {
    const { actor, projectId, token } = caller;
    const { taken, skipped } = mapClaims(token.sdkKey.claims, token.payload);
    for (let left = taken; ; ) {
      try {
        const user = { newUserId: newId(), externalId: token.uid, patch: toPatch(left), recreateErased: false };
        const written = await this.rpc.call(profiles.upsertUsers, { realmId: projectId, users: [user], declaredOnly: true, permissions: [...permissionsOfClients], actor }, { requestId });
        // Of somebody too large for the answer, the id is told.
        const userId = written.users[0]?.userId ?? written.rest[0]!;
        await this.rpc.call(identity.noteTokenUse, { projectId, token: keyOf(caller), skipped, expiresAt: new Date(token.expiresAt).toISOString() }, { requestId });
        return { userId, skipped };
      } catch (error) {
        // Of a batch and its places, of which the token's bearer knows nothing.
        if (isFailure(error, 'user-erased')) throw profiles.profilesErrors.failure('user-erased', 'This user was erased.');
        const refused = refusedClaims(error, left);
        if (refused.length === 0) throw error;
        skipped.push(...refused.map(({ claim }) => claim));
        left = left.filter((claim) => !refused.includes(claim));
      }
    }
  }
}

/** A key that was changed may map claims otherwise: its tokens are settled anew. */
function keyOf({ token }: EndUserCaller): string {
  return `${token.hash} ${token.sdkKey.version}`;
}
