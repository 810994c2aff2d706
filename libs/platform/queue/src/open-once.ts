/** A queue of BullMQ's, or something like it. */
interface Openable {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Opens each thing of a name once. One that could not be opened is thrown away: BullMQ never tries again with the same object. */
export class OpenOnce<T extends Openable> {
  private readonly opened = new Map<string, Promise<T>>();

  constructor(
    private readonly create: (name: string) => T,
    private readonly onError: (error: Error) => void,
  ) {}

  get(name: string): Promise<T> {
    const known = this.opened.get(name);
    if (known !== undefined) return known;
    const opening = this.open(name);
    this.opened.set(name, opening);
    opening.catch(() => this.opened.delete(name));
    return opening;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.opened.values()].map(async (opening) => (await opening).close()));
  }

  private async open(name: string): Promise<T> {
    const thing = this.create(name);
    thing.on('error', this.onError);
    try {
      await thing.waitUntilReady();
      return thing;
    } catch (error) {
      thing.close().catch(() => undefined);
      throw error;
    }
  }
}
