import { Announcements } from './announcements.js';

export class InProcessAnnouncements extends Announcements {
  private readonly listeners = new Map<string, (() => void)[]>();

  override announce(name: string): Promise<void> {
    for (const listener of this.listeners.get(name) ?? []) listener();
    return Promise.resolve();
  }

  override hear(name: string, listener: () => void): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }
}
