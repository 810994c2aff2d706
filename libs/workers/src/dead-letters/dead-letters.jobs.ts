import { Injectable } from '@nestjs/common';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { ReplayDeadLetters } from './replay-dead-letters.js';

@Injectable()
export class DeadLettersJobs {
  constructor(scheduled: ScheduledWork, replayDeadLetters: ReplayDeadLetters) {
    scheduled.add({ name: 'replay-dead-letters', everyMs: 5_000, does: 'Replays the dead letters that somebody wants replayed' }, (context) => replayDeadLetters.replay(context));
  }
}
