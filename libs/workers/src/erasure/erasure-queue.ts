import { Injectable } from '@nestjs/common';
import { erasePartJob, eraseUsersJob, operations } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import { JobQueue } from '#libs/platform/queue';

/** What of an erasure's row its job is made from. */
export interface ErasureToQueue {
  realmId: string;
  erasureId: string;
  requestId: string;
}

@Injectable()
export class ErasureQueue {
  constructor(
    private readonly queue: JobQueue,
    private readonly logger: Logger,
  ) {}

  /**
   * Makes the jobs of an erasure whose row is committed: one for each service, and one that ends it. A queue that is out of reach is no failure of the caller's: the row
   * is what counts, and the sweep adds its job later.
   * @param round tells the jobs of one erasure apart. It follows from the row, so that adding a job that is there, waiting,
   *   running or about to be repeated, does nothing; one that was given up begins anew
   * @returns whether the queue took it
   */
  async add({ realmId, erasureId, requestId }: ErasureToQueue, round?: number): Promise<boolean> {
    const jobId = round === undefined ? `erasure-${erasureId}` : `erasure-${erasureId}-${round}`;
    try {
      const last = { jobType: eraseUsersJob, payload: { realmId, erasureId }, jobId };
      const parts = operations.erasureServices.map((service) => ({ jobType: erasePartJob, payload: { realmId, erasureId, service }, jobId: `${jobId}-${service}` }));
      await this.queue.addFlow(last, parts, { requestId });
      return true;
    } catch (error) {
      this.logger.warn({ erasureId, requestId, err: error }, 'an erasure could not be queued, it will be tried again');
      return false;
    }
  }
}
