import { Injectable } from '@nestjs/common';
import { getMail, type MailToSend } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { ComposeMail } from './compose-mail.js';
import { MailAttempts } from './mail-attempts.js';
import { mayBeSentAgain, type MailRow } from './mails.repository.js';
import { SendMail } from './send-mail.js';

@Injectable()
export class DeliverMail {
  constructor(
    private readonly rpc: RpcClient,
    private readonly attempts: MailAttempts,
    private readonly composeMail: ComposeMail,
    private readonly sendMail: SendMail,
    private readonly logger: Logger,
  ) {}

  /**
   * One attempt at a mail; does nothing when it is finished. It is recorded that an attempt begins before anything leaves, and
   * afterwards what became of it. So of a worker that dies in between a trace is left, and then, as it may have arrived, it is
   * sent once more and not again.
   * @throws when it could not be sent now: the queue then tries again
   */
  async attempt(realmId: string, mailId: string, context: CallContext): Promise<void> {
    const known = await this.attempts.get({ realmId, mailId });
    if (known === undefined || (known.state !== 'queued' && known.state !== 'sending')) return;
    await this.send(known, { ...context, requestId: known.requestId });
  }

  private async send(known: MailRow, context: CallContext): Promise<void> {
    const { realmId, mailId } = known;
    const mail = await this.ask(known, context);
    if (mail === null) return this.attempts.drop(known);
    // Before the attempt begins, because all of this may fail without anything having left.
    const composed = await this.composeMail.compose(realmId, mailId, mail, context);
    const begun = await this.attempts.begin(known);
    if (begun === undefined) throw new MailNotSentYet('another attempt is at it, or died a moment ago');
    const outcome = begun.lost > mayBeSentAgain ? ({ kind: 'refused', failure: 'unknown' } as const) : await this.sendMail.send(composed);
    const state = await this.attempts.settle(begun, outcome);
    if (state === undefined) return this.sendMail.forget(mailId);
    const about = { mailId, requestId: context.requestId, ...(outcome.kind === 'sent' ? {} : { failure: outcome.failure }) };
    if (state === 'sent') return this.logger.info(about, 'mail sent');
    if (state === 'failed') return this.logger.warn(about, 'a mail was given up');
    throw new MailNotSentYet('the mail server did not take it');
  }

  private async ask({ owner, realmId, mailId }: MailRow, context: CallContext): Promise<MailToSend | null> {
    return (await this.rpc.call(getMail[owner], { realmId, mailId }, context)).mail;
  }
}

class MailNotSentYet extends Error {
  override readonly name = 'MailNotSentYet';
}
