import { defineTarget } from '#libs/platform/runtime';
import { WorkersModule } from './workers.module.js';

/** What happens after the answer: queue jobs, schedules, and the feed of all events. */
export const workersTarget = defineTarget({ name: 'workers', module: WorkersModule, config: [] });
