import { Inject, Injectable } from '@nestjs/common';
import { membership, staffRealmId, type MailToSend } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { runtimeConfig } from '#libs/platform/runtime';
import { encodeMail } from './encode-mail.js';
import { mailConfig } from './mail.config.js';
import type { ComposedMail } from './mail-transport.js';
import { parseMailbox, type Mailbox } from './mailbox.js';
import { renderHtml, renderText } from './templates/render-mail.js';
import { oneLine } from './templates/mail-text.js';
import { sayMail, type MailPage } from './templates/say-mail.js';

/** Makes a mail of what its owner says. */
@Injectable()
export class ComposeMail {
  private readonly from: Mailbox;
  private readonly linkBase: string;

  constructor(
    @Inject(mailConfig.token) config: ConfigValues<typeof mailConfig>,
    @Inject(runtimeConfig.token) { PUBLIC_URL, HOST, PORT }: ConfigValues<typeof runtimeConfig>,
    private readonly rpc: RpcClient,
  ) {
    this.from = parseMailbox(config.MAIL_FROM)!; // the configuration has looked
    this.linkBase = config.MAIL_LINK_BASE ?? new URL('auth', withSlash(PUBLIC_URL ?? `http://${HOST}:${PORT}`)).toString();
  }

  /** @throws Failure `service-unavailable` when the project's name can't be had */
  async compose(realmId: string, mailId: string, { to, content }: MailToSend, context: CallContext): Promise<ComposedMail> {
    const { sender, linkBase } = await this.voiceOf(realmId, context);
    const text = sayMail(content, { sender, page: (name, token) => pageBelow(linkBase, name, token) });
    const { address } = this.from;
    const message = encodeMail({
      from: { name: sender, address },
      to,
      subject: oneLine(text.subject, 200),
      text: renderText(text, sender),
      html: renderHtml(text, sender),
      // The same on every attempt, so that a mail that arrives twice can be told to be one.
      messageId: `<${mailId}@${address.split('@')[1]}>`,
      // Nobody's absence note shall answer.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    });
    return { mailId, from: address, to, message };
  }

  /** A project's users know the project and its pages, not Rollcall. */
  private async voiceOf(realmId: string, context: CallContext): Promise<{ sender: string; linkBase: string }> {
    const own = { sender: oneLine(this.from.name) || 'Rollcall', linkBase: this.linkBase };
    if (realmId === staffRealmId) return own;
    try {
      const { name, settings } = await this.rpc.call(membership.findProject, { project: realmId }, context);
      return { sender: oneLine(name) || own.sender, linkBase: settings.mail_link_base ?? own.linkBase };
    } catch (error) {
      if (isFailure(error, 'project-not-found')) return own;
      throw error;
    }
  }
}

/** What the base has by itself, a query for one, stays. */
function pageBelow(base: string, name: MailPage, token: string): string {
  const url = new URL(base);
  url.pathname = `${withSlash(url.pathname)}${name}`;
  url.searchParams.set('token', token);
  return url.toString();
}

function withSlash(base: string): string {
  return base.endsWith('/') ? base : `${base}/`;
}
