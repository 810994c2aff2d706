/** A question whose answer any number may share, if it was asked after they came: who comes while one is under way gets the next one. */
export class SharedAsk<Answer> {
  private running: Promise<Answer> | undefined;
  private next: Promise<Answer> | undefined;

  constructor(private readonly ask: () => Promise<Answer>) {}

  get(): Promise<Answer> {
    if (this.running === undefined) return this.begin();
    this.next ??= this.running.then(ignore, ignore).then(() => {
      this.next = undefined;
      // Somebody who came just now may have begun it; those who waited came before.
      return this.running ?? this.begin();
    });
    return this.next;
  }

  private begin(): Promise<Answer> {
    const asking = this.ask().finally(() => {
      if (this.running === asking) this.running = undefined;
    });
    this.running = asking;
    return asking;
  }
}

const ignore = () => undefined;
