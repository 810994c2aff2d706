import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';

interface Remembered {
  answer: Promise<{ active: boolean; until: number }>;
}

const pollEveryMs = 250;
/** What may be answered without having asked: a revocation has to reach every gateway within a second. */
const maxAgeMs = 1_000;
/** A session that is not good may become good again: its user was inactive. */
const inactiveForMs = 1_000;
/** So that what was missed, however that may be, is not missed for long. */
const activeForMs = 60_000;
/** Identity tells for an hour what was revoked. */
const forgetAfterMs = 600_000;
const mostRemembered = 50_000;

/**
 * Which sessions go on. That one does is remembered, and identity is asked several times a second which have ended, at most
 * once for all requests of that time and not at all when there are none. What it says is never older than a second:
 * who can't ask refuses.
 */
@Injectable()
export class Sessions {
  private readonly remembered = new Map<string, Remembered>();
  private since: number | null = null;
  /** When the last question that was answered was asked; by a clock that is never set. */
  private askedAt = -Infinity;
  private asking: Promise<void> | undefined;
  private keys = '';

  constructor(private readonly rpc: RpcClient) {}

  /** @throws Failure `service-unavailable` when it can't be known */
  async isActive(sessionId: string, requestId: string): Promise<boolean> {
    await this.beRecent(requestId);
    const known = this.remembered.get(sessionId);
    if (known !== undefined) {
      const { active, until } = await known.answer;
      if (until > performance.now()) return active;
      if (this.remembered.get(sessionId) === known) this.remembered.delete(sessionId);
    }
    return (await this.ask(sessionId, requestId)).active;
  }

  /** Another text than before: the signing keys are others. Not older than a second either. */
  async keySet(requestId: string): Promise<string> {
    await this.beRecent(requestId);
    return this.keys;
  }

  private async beRecent(requestId: string): Promise<void> {
    const age = performance.now() - this.askedAt;
    if (age <= pollEveryMs) return;
    this.asking ??= this.poll(requestId).finally(() => {
      this.asking = undefined;
    });
    if (age > maxAgeMs) await this.asking;
    else this.asking.catch(() => undefined); // whoever comes when it is too old hears of it
  }

  private async poll(requestId: string): Promise<void> {
    const askedAt = performance.now();
    if (askedAt - this.askedAt > forgetAfterMs) this.since = null;
    const { next, sessionIds, reset, keys } = await this.rpc.call(identity.pollRevocations, { since: this.since }, { requestId });
    if (reset) this.remembered.clear();
    // Also those whose answer is still on its way: it may be from before.
    for (const sessionId of sessionIds) this.remembered.delete(sessionId);
    this.since = next;
    this.keys = keys;
    this.askedAt = askedAt;
  }

  private ask(sessionId: string, requestId: string): Promise<{ active: boolean; until: number }> {
    const present = this.remembered.get(sessionId);
    if (present !== undefined) return present.answer;
    // The first is the oldest: a map keeps the order of insertion.
    if (this.remembered.size >= mostRemembered) this.remembered.delete(this.remembered.keys().next().value as string);
    const askedAt = performance.now();
    const answer = this.rpc.call(identity.checkSession, { sessionId }, { requestId }).then(({ active, forSeconds }) => ({
      active,
      until: askedAt + (active ? Math.min(forSeconds * 1_000, activeForMs) : inactiveForMs),
    }));
    const entry = { answer };
    this.remembered.set(sessionId, entry);
    answer.catch(() => {
      if (this.remembered.get(sessionId) === entry) this.remembered.delete(sessionId);
    });
    return answer;
  }
}
