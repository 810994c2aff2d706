import { Injectable } from '@nestjs/common';

/** Tells whoever sends events on that there are new ones in the feeds of these projects. A nudge that may get lost. */
@Injectable()
export class FedEvents {
  private readonly listeners: ((projectIds: string[]) => void)[] = [];

  onNew(listener: (projectIds: string[]) => void): void {
    this.listeners.push(listener);
  }

  tell(projectIds: string[]): void {
    for (const listener of this.listeners) listener(projectIds);
  }
}
