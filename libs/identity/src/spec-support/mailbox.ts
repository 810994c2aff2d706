import { getMail, type MailContent, type MailToSend } from '#libs/contracts';
import type { IdentityApp } from './identity-app.js';

/** The mails that identity has sent, as the workers would find them when they send them. */
export class Mailbox {
  private seen = 0;

  constructor(private readonly identity: IdentityApp) {}

  /** Of all that were ordered since the last time, what is to be sent, oldest first; null for those that are over. */
  async fresh(): Promise<(MailToSend | null)[]> {
    const rows = await this.identity.database.query<{ realmId: string; mailId: string; seq: number }>('SELECT realm_id AS "realmId", mail_id AS "mailId", seq FROM outgoing_mails WHERE seq > $1 ORDER BY seq', [this.seen]);
    this.seen = rows.at(-1)?.seq ?? this.seen;
    return Promise.all(rows.map(async ({ realmId, mailId }) => (await this.identity.call(getMail.identity, { realmId, mailId })).mail));
  }

  /** The one mail that was ordered since the last time, which has a link. */
  async link(): Promise<{ to: string; template: MailContent['template']; token: string }> {
    const links = (await this.fresh()).filter((mail) => mail !== null && 'token' in mail.content);
    if (links.length !== 1) throw new Error(`expected one mail with a link, found ${links.length}`);
    const { to, content } = links[0]!;
    return { to, template: content.template, token: (content as { token: string }).token };
  }
}
