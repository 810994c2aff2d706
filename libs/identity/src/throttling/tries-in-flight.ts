/**
 * How many tries of each network address are being evaluated, in this process. They can still fail, so they count against the address as if they had: many at once would get past the limit else.
 * Not in the database, where each login of a crowd behind one address would have to write the same row, twice.
 */
export class TriesInFlight {
  private readonly counts = new Map<string, number>();

  /** @returns how many there were before this one */
  enter(key: Buffer): number {
    const before = this.counts.get(key.toString('base64')) ?? 0;
    this.counts.set(key.toString('base64'), before + 1);
    return before;
  }

  leave(key: Buffer): void {
    const left = (this.counts.get(key.toString('base64')) ?? 1) - 1;
    if (left === 0) this.counts.delete(key.toString('base64'));
    else this.counts.set(key.toString('base64'), left);
  }
}
