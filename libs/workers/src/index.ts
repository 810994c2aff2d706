import { defineTarget } from '#libs/platform/runtime';
import { mailConfig } from './mail/mail.config.js';
import { WorkersModule } from './workers.module.js';

/** What happens after the answer: queue jobs, schedules, mails, and the feed of all events. */
export const workersTarget = defineTarget({ name: 'workers', module: WorkersModule, config: [mailConfig] });
