import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { askedTogether, Database, GroupCommit } from '#libs/platform/database';
import type { MailOutcome } from './mail-transport.js';
import { MailsRepository, type MailKey, type MailRow } from './mails.repository.js';
import { SendMail } from './send-mail.js';

/** Less than sending one takes. */
const gatheringMs = 4;

/** What is recorded of attempts at mails. Of those that are sent at the same time it is read and written together. */
@Injectable()
export class MailAttempts {
  private readonly find: (mail: MailKey) => Promise<MailRow | undefined>;
  private readonly beginning: GroupCommit<MailKey, MailRow | undefined>;
  private readonly settling: GroupCommit<MailRow, boolean>;

  constructor(
    private readonly database: Database,
    private readonly mails: MailsRepository,
    sendMail: SendMail,
  ) {
    // Mails that were asked for together are composed and written one soon after the other: what is recorded of them waits a moment for the others.
    const rules = { gather: () => delay(gatheringMs), keyOf: nameOf };
    this.find = askedTogether(async (wanted) => inOrder(wanted, await mails.get(database, wanted)));
    this.beginning = new GroupCommit(async (wanted: readonly MailKey[]) => inOrder(wanted, await mails.begin(database, wanted, sendMail.leaseSeconds)).map((answer) => ({ answer })), rules);
    this.settling = new GroupCommit(async (begun: readonly MailRow[]) => {
      const counted = await mails.sent(database, begun);
      return begun.map(({ mailId }) => ({ answer: counted.has(mailId) }));
    }, rules);
  }

  get(mail: MailKey): Promise<MailRow | undefined> {
    return this.find(mail);
  }

  /** @returns undefined when it is finished, or another attempt is at it */
  begin(mail: MailKey): Promise<MailRow | undefined> {
    return this.beginning.submit(mail);
  }

  /** @returns the state that follows; undefined when the mail is gone, or not this attempt's any more */
  async settle(begun: MailRow, outcome: MailOutcome): Promise<MailRow['state'] | undefined> {
    if (outcome.kind !== 'sent') return this.mails.notSent(this.database, begun, outcome);
    return (await this.settling.submit(begun)) ? 'sent' : undefined;
  }

  async drop({ realmId, mailId }: MailKey): Promise<void> {
    await this.mails.drop(this.database, realmId, mailId);
  }
}

function nameOf({ realmId, mailId }: MailKey): string {
  return `${realmId} ${mailId}`.toLowerCase();
}

function inOrder(wanted: readonly MailKey[], rows: readonly MailRow[]): (MailRow | undefined)[] {
  const found = new Map(rows.map((row) => [nameOf(row), row]));
  return wanted.map((mail) => found.get(nameOf(mail)));
}
