/** Events that fail at one time, and more, are poison together, or something is away that nobody recognises as such. */
const most = 10_000;

/**
 * How often each event has failed by itself in this process. Deliveries don't tell: they are counted also while something is out of reach,
 * and for all events of a message when one of them fails.
 */
export class OwnFailures {
  private readonly counts = new Map<string, number>();

  /** @returns how many there are with this one */
  add(eventId: string): number {
    const count = (this.counts.get(eventId) ?? 0) + 1;
    this.counts.delete(eventId);
    this.counts.set(eventId, count);
    // Whoever has waited longest is forgotten, and tried more often.
    if (this.counts.size > most) this.counts.delete(this.counts.keys().next().value!);
    return count;
  }

  /** It is done with. */
  forget(eventId: string): void {
    this.counts.delete(eventId);
  }
}
