/**
 * Work that looks for what there is to do until it finds nothing: one at a time in this process, begun by a nudge. A nudge while it is
 * under way has it look once more: what was committed behind its last look would be left lying otherwise, until a schedule comes.
 */
export class NudgedWork {
  private wanted = false;
  private running: Promise<void> | undefined;
  private stopping = false;

  /** @param failed told of what the work throws; it is not done again before the next nudge */
  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  nudge(): void {
    this.wanted = true;
    this.running ??= this.goOn();
  }

  /** Begins nothing more. Resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async goOn(): Promise<void> {
    while (this.wanted && !this.stopping) {
      this.wanted = false;
      try {
        await this.work();
      } catch (error) {
        this.failed(error);
      }
    }
    this.running = undefined;
  }
}
