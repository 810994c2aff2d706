import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { runImportsJob } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import { JobQueue } from '#libs/platform/queue';

@Injectable()
export class ImportQueue {
  constructor(
    private readonly queue: JobQueue,
    private readonly logger: Logger,
  ) {}

  /**
   * Makes a job for the imports of a project. Each time another one: a job that finds nothing to do does nothing. A queue that is out of
   * reach is no failure: the sweep adds one later.
   * @returns whether the queue took it
   */
  async add(projectId: string, requestId: string): Promise<boolean> {
    try {
      await this.queue.add(runImportsJob, { projectId }, { requestId }, { jobId: `imports-${newId()}` });
      return true;
    } catch (error) {
      this.logger.warn({ projectId, requestId, err: error }, 'an import could not be queued, it will be tried again');
      return false;
    }
  }
}
