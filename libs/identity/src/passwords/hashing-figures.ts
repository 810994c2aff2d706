import { Injectable } from '@nestjs/common';
import { Metrics } from '#libs/platform/telemetry';
import { HashingPool } from './hashing-pool.js';

/** Tells how busy the hashing of passwords is. */
@Injectable()
export class HashingFigures {
  constructor(pool: HashingPool, metrics: Metrics) {
    const busy = metrics.gauge('rollcall_password_hashing_busy', 'Threads that hash passwords at the moment');
    const waiting = metrics.gauge('rollcall_password_hashing_waiting', 'Passwords that wait for a thread');
    metrics.readWhenAsked({
      read: () => {
        const figures = pool.figures();
        busy.set(figures.busy);
        waiting.set(figures.waiting);
      },
    });
  }
}
