import { Injectable } from '@nestjs/common';
import { sendMailJob } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import { JobQueue } from '#libs/platform/queue';

/** What of a mail's row its job is made from. */
export interface MailToQueue {
  realmId: string;
  mailId: string;
  requestId: string;
}

@Injectable()
export class MailQueue {
  constructor(
    private readonly queue: JobQueue,
    private readonly logger: Logger,
  ) {}

  /**
   * Makes the job of a mail whose row is committed. A queue that is out of reach is no failure: the sweep adds the job later.
   * @param round tells the jobs of one mail apart, as with erasures
   * @returns whether the queue took it
   */
  async add({ realmId, mailId, requestId }: MailToQueue, round?: number): Promise<boolean> {
    const jobId = round === undefined ? `mail-${mailId}` : `mail-${mailId}-${round}`;
    try {
      await this.queue.add(sendMailJob, { realmId, mailId }, { requestId }, { jobId });
      return true;
    } catch (error) {
      this.logger.warn({ mailId, requestId, err: error }, 'a mail could not be queued, it will be tried again');
      return false;
    }
  }
}
