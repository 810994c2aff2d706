/**
 * Lets a few at a time through for each key, in the order they came. Within one process only: it keeps a crowd that
 * tries one name from standing at the database, where the counting is done.
 */
export class WaitingLine {
  private readonly lines = new Map<string, { inside: number; waiting: (() => void)[] }>();

  constructor(private readonly width: number) {}

  /** Resolves when it is this one's turn, with the function that lets the next one in. */
  async enter(key: string): Promise<() => void> {
    const line = this.lines.get(key) ?? { inside: 0, waiting: [] };
    this.lines.set(key, line);
    if (line.inside < this.width) line.inside += 1;
    else await new Promise<void>((resolve) => line.waiting.push(resolve));
    return () => {
      const next = line.waiting.shift();
      if (next !== undefined) return next(); // the place passes on, so that `inside` stays
      line.inside -= 1;
      if (line.inside === 0) this.lines.delete(key);
    };
  }
}
