/**
 * Words without an answer, to all processes that listen to them, the speaker among them. Who is out of reach meanwhile misses them: they may make something
 * happen sooner, and nothing may depend on them.
 */
export abstract class Announcements {
  /** Resolves when it is on its way to everybody, or can't be; never throws. */
  abstract announce(name: string): Promise<void>;

  /** From when there is a bus, for as long as the process lives. */
  abstract hear(name: string, listener: () => void): void;
}
