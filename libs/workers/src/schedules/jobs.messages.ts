import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { QueueInspector } from '#libs/platform/queue';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ManageJobs } from './manage-jobs.js';

const { listJobs, getJob, runJob, pauseJob, listFailedJobs, retryFailedJob } = operations;
/** Given-up jobs of each queue that are shown. */
const shown = 100;

@Injectable()
export class JobsMessages {
  constructor(
    private readonly manageJobs: ManageJobs,
    private readonly inspector: QueueInspector,
    private readonly database: Database,
  ) {}

  @Handles(listJobs)
  async list() {
    const [jobs, queues] = await Promise.all([this.manageJobs.list(), this.inspector.figures().catch(() => null)]);
    return { jobs, queues };
  }

  @Handles(getJob)
  async get(...[{ name }]: HandlerArguments<typeof getJob>) {
    return this.manageJobs.get(name);
  }

  @Handles(runJob)
  async run(...[{ name, actor }, context]: HandlerArguments<typeof runJob>) {
    return this.manageJobs.run(name, actor, context);
  }

  @Handles(pauseJob)
  async pause(...[{ name, isPaused, actor }, context]: HandlerArguments<typeof pauseJob>) {
    return this.manageJobs.pause(name, isPaused, actor, context);
  }

  @Handles(listFailedJobs)
  async listFailed() {
    return { failedJobs: await this.inspector.failed(shown) };
  }

  @Handles(retryFailedJob)
  async retryFailed(...[{ queue, jobId, actor }, context]: HandlerArguments<typeof retryFailedJob>) {
    if (!(await this.inspector.retry(queue, jobId))) throw operations.operationsErrors.failure('job-not-found', 'No job of this id was given up.');
    await this.database.withTransaction((tx) => auditTrail.append(tx, context, { actor, action: 'job.retried', target: { type: 'job', id: jobId } }));
    return {};
  }
}
