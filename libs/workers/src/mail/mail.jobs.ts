import { Injectable } from '@nestjs/common';
import { sendMailJob } from '#libs/contracts';
import { Jobs } from '#libs/platform/queue';
import { DeliverMail } from './deliver-mail.js';
import { RequeueMails } from './requeue-mails.js';
import { TrimMails } from './trim-mails.js';

@Injectable()
export class MailJobs {
  constructor(jobs: Jobs, deliverMail: DeliverMail, requeueMails: RequeueMails, trimMails: TrimMails) {
    jobs.handle(sendMailJob, ({ realmId, mailId }, { requestId }) => deliverMail.attempt(realmId, mailId, { requestId }));
    jobs.schedule({ name: 'requeue-mails', everyMs: 15_000 }, () => requeueMails.requeue());
    jobs.schedule({ name: 'trim-mails', everyMs: 3_600_000 }, () => trimMails.trim());
  }
}
