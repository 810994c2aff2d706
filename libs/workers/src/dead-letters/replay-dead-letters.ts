import { Injectable } from '@nestjs/common';
import { deadLetterSources } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

const budgetMs = 5_000;

/** Has every service replay the dead letters that somebody wants replayed. A mark in its database says which, so that nothing is forgotten. */
@Injectable()
export class ReplayDeadLetters {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * Until none waits. Asks every service although one fails.
   * @returns how many took effect, and how many failed again
   * @throws Failure of the first service that failed
   */
  async replay(context: CallContext): Promise<{ replayed: number; failed: number }> {
    const sum = { replayed: 0, failed: 0 };
    const attempts = await Promise.allSettled(
      Object.values(deadLetterSources).map(async ({ replayRequested }) => {
        for (let more = true; more; ) {
          const step = await this.rpc.call(replayRequested, { budgetMs }, context);
          sum.replayed += step.replayed;
          sum.failed += step.failed;
          ({ more } = step);
        }
      }),
    );
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return sum;
  }
}
