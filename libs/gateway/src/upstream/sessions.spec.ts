import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { identity } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import type { AnyMessage } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';
import { Sessions } from './sessions.js';

/** Identity as its contract has it. */
class Identity {
  readonly asked: string[] = [];
  readonly active = new Set(['a', 'b']);
  forSeconds = 3_600;
  private told: string[] = [];
  reset = false;
  away = false;
  /** Answers of `check` wait for it. */
  gate: Promise<void> = Promise.resolve();

  end(sessionId: string) {
    this.active.delete(sessionId);
    this.told.push(sessionId);
  }

  async call(message: AnyMessage, request: unknown): Promise<unknown> {
    if (this.away) throw platformErrors.failure('service-unavailable', 'Nobody answers.');
    if (message.subject === identity.pollRevocations.subject) {
      this.asked.push('poll');
      const { since } = request as { since: number | null };
      return { next: this.told.length, sessionIds: since === null ? [] : this.told.slice(since), reset: since === null || this.reset, keys: 'k1' };
    }
    const { sessionId } = request as { sessionId: string };
    this.asked.push(sessionId);
    const active = this.active.has(sessionId);
    await this.gate;
    return { active, forSeconds: active ? this.forSeconds : 0 };
  }
}

describe('what a gateway knows of sessions', () => {
  let now = 1_000_000;
  let service: Identity;
  let sessions: Sessions;

  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    service = new Identity();
    sessions = new Sessions(service as unknown as RpcClient);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const isActive = (sessionId: string) => sessions.isActive(sessionId, 'r');
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('is asked once for each session, and then what has ended, four times a second at the most', async () => {
    for (let request = 0; request < 100; request += 1) {
      expect(await isActive('a')).toBe(true);
      expect(await isActive('b')).toBe(true);
      await settle();
      now += 10;
    }
    expect(service.asked.filter((what) => what !== 'poll')).toEqual(['a', 'b']);
    expect(service.asked.filter((what) => what === 'poll').length).toBeLessThanOrEqual(4);
  });

  it('costs nothing while nobody comes', async () => {
    await isActive('a');
    now += 3_600_000;
    await settle();
    expect(service.asked).toEqual(['poll', 'a']);
  });

  it('lets an ended session in for less than a second, whatever happens meanwhile', async () => {
    await isActive('a');
    service.end('a');
    const endedAt = now;
    let last = 0;
    for (let request = 0; request < 200; request += 1) {
      now += 10;
      if (await isActive('a')) last = now - endedAt;
      await settle();
    }
    expect(last).toBeLessThanOrEqual(260);
    expect(await isActive('a')).toBe(false);
  });

  it('waits for an answer when the last is a second old', async () => {
    await isActive('a');
    service.end('a');
    now += 1_001;
    expect(await isActive('a')).toBe(false);
  });

  it('goes on for a second while identity is away, and then refuses to guess', async () => {
    await isActive('a');
    service.away = true;
    now += 900;
    expect(await isActive('a')).toBe(true);
    await settle();
    now += 101;
    await expect(isActive('a')).rejects.toMatchObject({ value: { code: 'service-unavailable' } });
    service.away = false;
    service.end('a');
    expect(await isActive('a')).toBe(false);
  });

  it('does not keep an answer that was on its way when the session ended', async () => {
    let open = () => undefined as void;
    await isActive('b');
    service.gate = new Promise((resolve) => (open = resolve));
    const early = isActive('a');
    await settle();
    service.end('a');
    now += 300;
    void isActive('b');
    await settle();
    open();
    await early;
    expect(await isActive('a')).toBe(false);
  });

  it('forgets everything when it is told to, and after a long silence', async () => {
    await isActive('a');
    service.active.delete('a');
    service.reset = true;
    now += 1_001;
    expect(await isActive('a')).toBe(false);
    service.reset = false;
    service.active.add('a');
    now += 1_001;
    expect(await isActive('a')).toBe(true);
    service.active.delete('a');
    now += 600_001;
    expect(await isActive('a')).toBe(false);
  });

  it('asks anew when a session has run its time, when an inactive one may be good again, and every minute', async () => {
    service.forSeconds = 5;
    await isActive('a');
    service.active.delete('a');
    now += 4_000;
    expect(await isActive('a')).toBe(true);
    now += 1_001;
    expect(await isActive('a')).toBe(false);
    service.active.add('a');
    now += 1_001;
    service.forSeconds = 3_600;
    expect(await isActive('a')).toBe(true);
    service.active.delete('a');
    now += 60_001;
    expect(await isActive('a')).toBe(false);
  });
});
