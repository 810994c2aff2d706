import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { ErasureQueue } from './erasure-queue.js';
import { ErasuresRepository } from './erasures.repository.js';

const batch = 500;

@Injectable()
export class RequeueErasures {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly queue: ErasureQueue,
  ) {}

  /**
   * Makes jobs of erasures that have none: the process died after the commit, the queue has lost it, or gave it up.
   * Where nothing has begun for long although the queue took the job, it takes it for done, and the row says it is not (a
   * database that was restored, for one): then a job with another id is needed, one for as many attempts as there were.
   */
  async requeue(): Promise<{ queued: number }> {
    let queued = 0;
    for (const erasure of await this.erasures.listWaiting(this.database, batch)) {
      if (!(await this.queue.add(erasure, erasure.isStuck ? erasure.attempts : undefined))) break;
      queued += 1;
    }
    return { queued };
  }
}
