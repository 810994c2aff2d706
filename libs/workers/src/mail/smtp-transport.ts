import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { MailTuning } from './mail-tuning.js';
import { MailTransport, type ComposedMail, type MailOutcome } from './mail-transport.js';

export interface SmtpServer {
  /** smtp:// (587 unless it says otherwise) or smtps:// (465), with user and password if the server wants them. */
  url: string;
  /** Of smtp://: whether the connection has to be encrypted (STARTTLS), may be, or never is. */
  tls: 'required' | 'opportunistic' | 'none';
  /** Certificates (PEM) of authorities that are trusted besides the public ones. */
  authority: string | null;
}

interface SmtpError {
  /** Nodemailer's: `ETIMEDOUT`. */
  code?: string;
  /** Node's, under nodemailer's: `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  originalCode?: string;
  responseCode?: number;
  /** What the server answered to. */
  command?: string;
}

/** Codes that are about us, not about the mail: the operator can mend them, and the mail is sent then. */
const ourOwnFault = new Set([530, 534, 535, 538]);

/**
 * A mail server over SMTP, one connection a mail. Nodemailer's connection, not its transport: only so it is known whether
 * the message had been handed over when something broke.
 */
export class SmtpTransport extends MailTransport {
  /** @param atOnce connections to the mail server */
  constructor(
    private readonly server: SmtpServer,
    private readonly tuning: MailTuning,
    readonly atOnce: number,
  ) {
    super();
  }

  async send(mail: ComposedMail): Promise<MailOutcome> {
    const message = new WatchedMessage(mail.message);
    const connection = new SMTPConnection(this.options());
    const late = setTimeout(() => connection.close(), this.tuning.attemptMs);
    try {
      await this.dialogue(connection, mail, message);
      connection.quit();
      return { kind: 'sent' };
    } catch (error) {
      connection.close();
      return outcomeOf(error as SmtpError, message.handedOver);
    } finally {
      clearTimeout(late);
    }
  }

  private options(): SMTPConnectionOptions {
    const { protocol, hostname, port } = new URL(this.server.url);
    const secure = protocol === 'smtps:';
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      requireTLS: this.server.tls === 'required',
      ignoreTLS: this.server.tls === 'none',
      ...(this.server.authority === null ? {} : { tls: { ca: [...rootCertificates, this.server.authority] } }),
      connectionTimeout: this.tuning.connectMs,
      greetingTimeout: this.tuning.connectMs,
      socketTimeout: this.tuning.silenceMs,
    };
  }

  private dialogue(connection: SMTPConnection, mail: ComposedMail, message: Readable): Promise<void> {
    const { username, password } = new URL(this.server.url);
    return new Promise((resolve, reject) => {
      connection.on('error', reject);
      connection.once('end', () => reject(Object.assign(new Error('the connection ended'), { code: 'ECONNECTION' })));
      const send = () => connection.send({ from: mail.from, to: [mail.to] }, message, (error) => (error === null ? resolve() : reject(error)));
      connection.connect((error) => {
        if (error !== undefined && error !== null) return reject(error);
        if (username === '') return send();
        connection.login({ user: decodeURIComponent(username), pass: decodeURIComponent(password) }, (refused) => (refused === null ? send() : reject(refused)));
      });
    });
  }
}

/** Knows whether anybody has begun to read it, which happens once the server has said that it will take the message. */
class WatchedMessage extends Readable {
  handedOver = false;

  constructor(private readonly message: Buffer) {
    super();
  }

  override _read(): void {
    this.handedOver = true;
    this.push(this.message);
    this.push(null);
  }
}

/** What Node says of certificates that it does not take, and of servers that speak no TLS. */
const tlsCodes = /CERT|SSL|TLS|^UNABLE_TO_/;

function outcomeOf({ code, originalCode = '', responseCode, command = '' }: SmtpError, handedOver: boolean): MailOutcome {
  // Without encryption nothing is sent, whatever the server answered to the wish for it.
  if (code === 'ETLS' || tlsCodes.test(originalCode)) return { kind: handedOver ? 'lost' : 'delayed', failure: 'ETLS' };
  if (responseCode === undefined) {
    const failure = /^[A-Z]{1,30}$/.test(code ?? '') ? String(code) : 'unknown';
    if (code === 'EENVELOPE') return { kind: 'refused', failure }; // an address that SMTP can't say
    return { kind: handedOver ? 'lost' : 'delayed', failure };
  }
  const isAboutTheMail = command.startsWith('RCPT') || command.startsWith('DATA');
  const isFinal = responseCode >= 500 && isAboutTheMail && !ourOwnFault.has(responseCode);
  return { kind: isFinal ? 'refused' : 'delayed', failure: String(responseCode) };
}
