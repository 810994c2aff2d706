import { Injectable } from '@nestjs/common';
import { Announcements } from '#libs/platform/rpc';

const name = 'gateway.changes';

/**
 * Changes that came through gateways, of what `RecentAnswers` remember. Who made one reads it wherever they ask next, at this gateway or another: what was asked
 * before it is asked anew. It is not known what follows from which change, and so everything is.
 */
@Injectable()
export class Changes {
  private count = 0;

  constructor(private readonly announcements: Announcements) {
    announcements.hear(name, () => this.add());
  }

  /** What was asked when there were fewer may be outdated. */
  get soFar(): number {
    return this.count;
  }

  /** Resolves when other gateways are being told. */
  async note(): Promise<void> {
    this.add();
    await this.announcements.announce(name);
  }

  private add(): void {
    this.count += 1;
  }
}
