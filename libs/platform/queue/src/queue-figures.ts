import { Injectable } from '@nestjs/common';
import { Metrics } from '#libs/platform/telemetry';
import { QueueInspector } from './queue-inspector.js';

/** Tells how many jobs wait, run and were given up. */
@Injectable()
export class QueueFigures {
  constructor(inspector: QueueInspector, metrics: Metrics) {
    const jobs = metrics.gauge('rollcall_queue_jobs', 'Jobs of a queue, by state: waiting, active, delayed (to be tried again) or failed (given up)', ['queue', 'state']);
    metrics.readWhenAsked({
      read: async () => {
        for (const { queue, ...states } of await inspector.figures()) for (const [state, count] of Object.entries(states)) jobs.set({ queue, state }, count);
      },
      forget: () => jobs.reset(),
    });
  }
}
