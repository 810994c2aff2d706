import type { Changes } from './changes.js';

interface Entry<V> {
  value: Promise<V>;
  /** By `performance.now()`. */
  until: number;
  /** How many changes there had been when it was asked. */
  changes: number | undefined;
}

interface RecentAnswersRules {
  /** Absent: nothing that comes through gateways makes an answer outdated. */
  changes?: Changes;
  maxAgeMs?: number;
  maxEntries?: number;
}

/**
 * Answers that may be a second old, as long as no gateway changed anything since: what a revocation must reach within a second is asked once a second and not once
 * a request. Concurrent askers share one question; a failed question is not remembered.
 */
export class RecentAnswers<V> {
  private readonly entries = new Map<string, Entry<V>>();
  private readonly changes: Changes | undefined;
  private readonly maxAgeMs: number;
  private readonly maxEntries: number;

  constructor(
    private readonly ask: (key: string, requestId: string) => Promise<V>,
    { changes, maxAgeMs = 1_000, maxEntries = 10_000 }: RecentAnswersRules = {},
  ) {
    this.changes = changes;
    this.maxAgeMs = maxAgeMs;
    this.maxEntries = maxEntries;
  }

  get(key: string, requestId: string): Promise<V> {
    // By a clock that is never set: set back, it would keep what was taken away.
    const now = performance.now();
    const known = this.entries.get(key);
    if (known !== undefined && known.until > now && known.changes === this.changes?.soFar) return known.value;
    return this.renew(key, requestId, now);
  }

  private renew(key: string, requestId: string, now: number): Promise<V> {
    // The oldest entry is the first: a map keeps insertion order, and renewing deletes before it sets.
    this.entries.delete(key);
    if (this.entries.size >= this.maxEntries) this.entries.delete(this.entries.keys().next().value as string);
    // Both count from the question: what changes after it was asked must be seen.
    const changes = this.changes?.soFar;
    const value = this.ask(key, requestId);
    const entry = { value, until: now + this.maxAgeMs, changes };
    this.entries.set(key, entry);
    value.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    return value;
  }
}
