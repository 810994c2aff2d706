/** Times of upkeep. The defaults suit every deployment; specs shorten them. */
export class UpkeepTuning {
  /**
   * How long a task stays held by a process that says nothing more, milliseconds. Longer than `lostMs` and the longest
   * statement (15 s, and 2 s for its answer) together, so that nothing of it goes on any more when another process begins.
   */
  readonly holdMs: number = 30_000;
  /** Whoever could not say for so long that it is at it begins nothing more. */
  readonly lostMs: number = 10_000;
  readonly renewMs: number = 3_000;
  /** How long whoever asks for a step waits for its end, or for that of the one before: less than the message may take. */
  readonly patienceMs: number = 20_000;
  /** How often somebody who waits for a task of another process looks whether it is over. */
  readonly lookMs: number = 1_000;

  constructor(changes: Partial<UpkeepTuning> = {}) {
    Object.assign(this, changes);
  }
}
