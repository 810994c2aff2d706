import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { databaseConfig } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';

interface Waiting {
  realmId: string;
  deadlineAt: number;
  begin: () => void;
  giveUp: (error: unknown) => void;
}

/**
 * Lists of users take turns, those of one project among themselves: a list may look at every user, for seconds, and holds a connection for as long. One project has no more
 * than half of the connections by them, and all together leave some: whoever asks for many at once keeps nobody from reading or writing a user.
 */
@Injectable()
export class ListTurns {
  private readonly ofRealm: number;
  private readonly ofAll: number;
  private readonly inside = new Map<string, number>();
  private total = 0;
  private readonly waiting: Waiting[] = [];

  constructor(@Inject(databaseConfig.token) { DATABASE_POOL_SIZE }: Pick<ConfigValues<typeof databaseConfig>, 'DATABASE_POOL_SIZE'>) {
    this.ofRealm = Math.max(1, Math.floor(DATABASE_POOL_SIZE / 2));
    this.ofAll = Math.max(1, Math.floor(DATABASE_POOL_SIZE * 0.8));
  }

  /**
   * Runs `work` when its turn has come, in the order of the project's lists.
   * @param deadlineAt milliseconds since the epoch after which nobody waits for it: what is still waiting then is not begun
   * @throws Failure `service-unavailable` when the deadline has passed
   */
  async take<T>(realmId: string, deadlineAt: number | undefined, work: () => Promise<T>): Promise<T> {
    if (this.isFree(realmId)) this.enter(realmId);
    else await new Promise<void>((begin, giveUp) => this.waiting.push({ realmId, deadlineAt: deadlineAt ?? Infinity, begin, giveUp }));
    try {
      return await work();
    } finally {
      this.leave(realmId);
    }
  }

  private isFree(realmId: string): boolean {
    return this.total < this.ofAll && (this.inside.get(realmId) ?? 0) < this.ofRealm;
  }

  private enter(realmId: string): void {
    this.total += 1;
    this.inside.set(realmId, (this.inside.get(realmId) ?? 0) + 1);
  }

  private leave(realmId: string): void {
    this.total -= 1;
    const left = this.inside.get(realmId)! - 1;
    if (left === 0) this.inside.delete(realmId);
    else this.inside.set(realmId, left);
    for (let place = 0; place < this.waiting.length; ) {
      const next = this.waiting[place]!;
      const isLate = next.deadlineAt <= Date.now();
      if (!isLate && !this.isFree(next.realmId)) {
        place += 1;
        continue;
      }
      this.waiting.splice(place, 1);
      if (isLate) next.giveUp(platformErrors.failure('service-unavailable', 'Too many lists of the project’s users are being read at the moment.', { retryAfter: 1 }));
      else {
        this.enter(next.realmId);
        next.begin();
      }
    }
  }
}
