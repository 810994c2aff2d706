import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { queueConfig } from '#libs/platform/queue';
import { runtimeConfig } from '#libs/platform/runtime';
import { mailConfig } from './mail.config.js';
import { MailFiles } from './mail-files.js';
import type { ComposedMail, MailOutcome, MailTransport } from './mail-transport.js';
import { MailTuning } from './mail-tuning.js';
import { SmtpTransport } from './smtp-transport.js';

/** How this deployment's mails leave. Their files are known in any case: there may be some of the time before `SMTP_URL` was set. */
@Injectable()
export class SendMail {
  private readonly files: MailFiles;
  private readonly transport: MailTransport;

  constructor(
    @Inject(mailConfig.token) { SMTP_URL, SMTP_TLS, SMTP_CA_FILE }: ConfigValues<typeof mailConfig>,
    @Inject(runtimeConfig.token) { ROLLCALL_DATA_DIR }: ConfigValues<typeof runtimeConfig>,
    @Inject(queueConfig.token) { JOB_CONCURRENCY }: ConfigValues<typeof queueConfig>,
    private readonly tuning: MailTuning,
    logger: Logger,
  ) {
    this.files = new MailFiles(join(resolve(ROLLCALL_DATA_DIR), 'mail'));
    const authority = SMTP_CA_FILE === undefined ? null : readFileSync(SMTP_CA_FILE, 'utf8');
    this.transport = SMTP_URL === undefined ? this.files : new SmtpTransport({ url: SMTP_URL, tls: SMTP_TLS ?? (new URL(SMTP_URL).username === '' ? 'opportunistic' : 'required'), authority }, tuning, JOB_CONCURRENCY);
    if (SMTP_URL === undefined) logger.info({ folder: this.files.folder }, 'SMTP_URL is not set: mails are written to files');
  }

  get atOnce(): number {
    return this.transport.atOnce;
  }

  get leaseSeconds(): number {
    return this.tuning.leaseSeconds;
  }

  send(mail: ComposedMail): Promise<MailOutcome> {
    return this.transport.send(mail);
  }

  /** Takes away what was written of a mail that nobody knows any more. */
  async forget(mailId: string): Promise<void> {
    await this.files.remove([mailId]);
  }

  /** @returns how many files there were */
  removeFiles(mailIds: readonly string[]): Promise<number> {
    return this.files.remove(mailIds);
  }

  countFiles(mailIds: readonly string[]): Promise<number> {
    return this.files.count(mailIds);
  }
}
