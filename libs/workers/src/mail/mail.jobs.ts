import { Injectable } from '@nestjs/common';
import { sendMailJob, sendMailsJob } from '#libs/contracts';
import { Jobs } from '#libs/platform/queue';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { DeliverMail } from './deliver-mail.js';
import { DeliverMails } from './deliver-mails.js';
import { RequeueMails } from './requeue-mails.js';
import { TrimMails } from './trim-mails.js';

@Injectable()
export class MailJobs {
  constructor(jobs: Jobs, scheduled: ScheduledWork, deliverMail: DeliverMail, deliverMails: DeliverMails, requeueMails: RequeueMails, trimMails: TrimMails) {
    jobs.handle(sendMailJob, ({ realmId, mailId }, { requestId }) => deliverMail.attempt(realmId, mailId, { requestId }));
    jobs.handle(sendMailsJob, (payload, { requestId }) => deliverMails.attempt(payload, { requestId }));
    scheduled.add({ name: 'requeue-mails', everyMs: 15_000, does: 'Makes jobs of mails that have none' }, () => requeueMails.requeue());
    scheduled.add({ name: 'trim-mails', everyMs: 3_600_000, does: 'Removes what is known of mails that were finished long ago, and their files' }, () => trimMails.trim());
  }
}
