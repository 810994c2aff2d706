import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onCleanUp } from './clean-up.js';

export interface ReceivedMail {
  /** Of the envelope. */
  from: string;
  to: string;
  /** Whether it came encrypted. */
  secure: boolean;
  /** Who had logged in to send it. */
  user: string | null;
  raw: string;
  parsed: Email;
}

/** What of a dialogue a spec may decide: an answer other than yes, or its own time. */
export interface MailServerBehaviour {
  /** Asked at `RCPT TO`: an SMTP code with which the address is refused. */
  refuse?: (address: string) => number | undefined;
  /** Awaited once the message has been read, before the server says that it took it. The message counts as received then. */
  beforeAnswer?: () => Promise<void>;
  /** Before `listen`: of the server. Without `key` and `cert` it has no STARTTLS. */
  options?: SMTPServerOptions;
}

/** A real SMTP server on this machine's loopback, which keeps what it gets. Stopped after the spec file. */
export class TestMailServer {
  readonly mails: ReceivedMail[] = [];
  behaviour: MailServerBehaviour = {};
  private server: SMTPServer | undefined;
  port = 0;

  static async start(behaviour: MailServerBehaviour = {}): Promise<TestMailServer> {
    const server = new TestMailServer();
    server.behaviour = behaviour;
    await server.listen();
    onCleanUp(() => server.stop());
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Starts to listen, on the port that it had before. */
  async listen(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      ...(this.behaviour.options?.key === undefined ? { disabledCommands: ['STARTTLS'] } : {}),
      closeTimeout: 100,
      ...this.behaviour.options,
      onRcptTo: ({ address }, _session, answer) => {
        const code = this.behaviour.refuse?.(address);
        answer(code === undefined ? null : Object.assign(new Error(`${address} is refused`), { responseCode: code }));
      },
      onData: (stream, { envelope, secure, user }, answer) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          void this.keep(Buffer.concat(chunks), { from, secure, user: typeof user === 'string' ? user : null }, envelope.rcptTo.map(({ address }) => address)).then(() => answer(null));
        });
      },
    });
    server.on('error', () => undefined); // connections that a client drops
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(resolve));
  }

  to(address: string): ReceivedMail[] {
    return this.mails.filter((mail) => mail.to === address);
  }

  private async keep(message: Buffer, about: Pick<ReceivedMail, 'from' | 'secure' | 'user'>, recipients: string[]): Promise<void> {
    const parsed = await PostalMime.parse(message);
    for (const to of recipients) this.mails.push({ ...about, to, raw: message.toString(), parsed });
    await this.behaviour.beforeAnswer?.();
  }
}
