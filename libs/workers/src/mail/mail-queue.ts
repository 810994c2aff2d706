import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { sendMailJob, sendMailsJob, type MailOwner } from '#libs/contracts';
import { GroupCommit, nextTurn } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { JobQueue } from '#libs/platform/queue';

/** What of a mail's row its job is made from. */
export interface MailToQueue {
  realmId: string;
  mailId: string;
  requestId: string;
  owner: MailOwner;
}

/**
 * Somebody sits and waits for what identity sends: a link to set a password, or to confirm an address. Invitations may be a hundred thousand at once, and take hours with
 * a mail server that takes ten a second: they let the others go first.
 */
const isPatient = ({ owner }: Pick<MailToQueue, 'owner'>) => owner === 'membership';

/** Mails of one job. */
const mostOfJob = 100;
/** So long at the least lies between two jobs of mails that are asked for: what comes meanwhile is one. */
const restMs = 100;

@Injectable()
export class MailQueue {
  private readonly urgent = this.lane();
  private readonly patient = this.lane();

  constructor(
    private readonly queue: JobQueue,
    private readonly logger: Logger,
  ) {}

  /** As `add`, for a mail that was asked for just now: those that are asked for within a moment are one job's. */
  addSoon(mail: MailToQueue): void {
    (isPatient(mail) ? this.patient : this.urgent).submit(mail).catch((error: unknown) => {
      this.logger.warn({ mailIds: [mail.mailId], requestId: mail.requestId, err: error }, 'a mail could not be queued, it will be tried again');
    });
  }

  /**
   * Makes the job of a mail whose row is committed. A queue that is out of reach is no failure: the sweep adds the job later.
   * @param round tells the jobs of one mail apart, as with erasures
   * @returns whether the queue took it
   */
  add(mail: MailToQueue, round?: number): Promise<boolean> {
    const { realmId, mailId, requestId } = mail;
    const jobId = round === undefined ? `mail-${mailId}` : `mail-${mailId}-${round}`;
    return this.attempt([mailId], requestId, () => this.queue.add(sendMailJob, { realmId, mailId }, { requestId }, { jobId, isPatient: isPatient(mail) }));
  }

  private lane(): GroupCommit<MailToQueue, boolean> {
    let addedAt = -Infinity;
    // Who comes alone does not wait, but for others who come in the same turn.
    const rest = async () => {
      const ms = addedAt + restMs - performance.now();
      await (ms > 0 ? delay(ms) : nextTurn());
      addedAt = performance.now();
    };
    return new GroupCommit(async (mails: readonly MailToQueue[]) => {
      const answer = await this.addAll(mails);
      return mails.map(() => ({ answer }));
    }, { items: mostOfJob, gather: rest });
  }

  private async addAll(mails: readonly MailToQueue[]): Promise<boolean> {
    const [first, ...others] = mails;
    if (others.length === 0) return this.add(first!);
    const { requestId } = first!;
    const payload = { mails: mails.map(({ realmId, mailId }) => ({ realmId, mailId })), isPatient: isPatient(first!) };
    // Made twice, a job finds mails that are sent already.
    return this.attempt(mails.map(({ mailId }) => mailId), requestId, () => this.queue.add(sendMailsJob, payload, { requestId }, { jobId: `mails-${uuidv7()}`, isPatient: payload.isPatient }));
  }

  private async attempt(mailIds: readonly string[], requestId: string, add: () => Promise<void>): Promise<boolean> {
    try {
      await add();
      return true;
    } catch (error) {
      this.logger.warn({ mailIds, requestId, err: error }, 'mails could not be queued, they will be tried again');
      return false;
    }
  }
}
