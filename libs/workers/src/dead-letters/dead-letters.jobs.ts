import { Injectable } from '@nestjs/common';
import { isFailure } from '#libs/platform/errors';
import { Jobs } from '#libs/platform/queue';
import { ReplayDeadLetters } from './replay-dead-letters.js';

@Injectable()
export class DeadLettersJobs {
  constructor(jobs: Jobs, replayDeadLetters: ReplayDeadLetters) {
    jobs.schedule({ name: 'replay-dead-letters', everyMs: 5_000 }, async () => {
      await replayDeadLetters.replay({ requestId: 'schedule-replay-dead-letters' }).catch((error: unknown) => {
        // They are marked, and wait in their database.
        if (!isFailure(error, 'service-unavailable')) throw error;
      });
    });
  }
}
