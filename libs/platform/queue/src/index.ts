export { JobQueue, type AddJobOptions, type JobOfFlow } from './job-queue.js';
export { Jobs, type JobHandler, type RunningJob } from './jobs.js';
export { queueConfig } from './queue.config.js';
export { QueueModule, type QueueOptions } from './queue.module.js';
export { QueueTuning } from './queue-tuning.js';
export { QueueInspector, type FailedJob, type QueueFigures } from './queue-inspector.js';
export { labelOf } from './error-label.js';
export type { Schedule, ScheduledRun, ScheduleHandler } from './schedules.js';
