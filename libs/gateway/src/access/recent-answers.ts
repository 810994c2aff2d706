interface Entry<V> {
  value: Promise<V>;
  until: number;
}

/**
 * Answers that may be a second old: what a revocation must reach within a second is asked once a second and not once
 * a request. Concurrent askers share one question; a failed question is not remembered.
 */
export class RecentAnswers<V> {
  private entries = new Map<string, Entry<V>>();

  constructor(
    private readonly ask: (key: string, requestId: string) => Promise<V>,
    private readonly maxAgeMs = 1_000,
    private readonly maxEntries = 10_000,
  ) {}

  get(key: string, requestId: string): Promise<V> {
    const now = Date.now();
    const known = this.entries.get(key);
    if (known !== undefined && known.until > now) return known.value;
    return this.renew(key, requestId, now);
  }

  private renew(key: string, requestId: string, now: number): Promise<V> {
    // The oldest entry is the first: a map keeps insertion order, and renewing deletes before it sets.
    this.entries.delete(key);
    if (this.entries.size >= this.maxEntries) this.entries.delete(this.entries.keys().next().value as string);
    const value = this.ask(key, requestId);
    // The age counts from the question: what changes after it was asked must be seen within the age.
    const entry = { value, until: now + this.maxAgeMs };
    this.entries.set(key, entry);
    value.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    return value;
  }
}
