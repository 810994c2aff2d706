/** Lets a loop sleep until somebody wakes it. A call while nobody sleeps ends the next sleep at once. */
export class Wake {
  private called = false;
  private resolve: (() => void) | undefined;

  call(): void {
    this.called = true;
    this.resolve?.();
  }

  async sleep(ms: number): Promise<void> {
    if (!this.called && ms > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.resolve = undefined;
    }
    this.called = false;
  }
}
