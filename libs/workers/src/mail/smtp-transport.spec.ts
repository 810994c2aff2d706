import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { testCertificate, TestMailServer } from '#libs/platform/testing';
import type { MailOutcome } from './mail-transport.js';
import { MailTuning } from './mail-tuning.js';
import { SmtpTransport, type SmtpServer } from './smtp-transport.js';

const user = 'mailer@example.com';
const password = 'p@ss:word/%';
/** What the server was shown as a password, right or wrong, encrypted or not. */
const shown: { password: string | null | undefined; encrypted: boolean }[] = [];

const withUsers: SMTPServerOptions = {
  authOptional: false,
  // So that only the client keeps a password from crossing in the clear.
  allowInsecureAuth: true,
  onAuth: (auth, session, answer) => {
    shown.push({ password: auth.password, encrypted: session.secure });
    if (auth.username === user && auth.password === password) answer(null, { user });
    else answer(Object.assign(new Error('no such user'), { responseCode: 535 }));
  },
};
const { authority, certificate, key } = testCertificate;
const tls = { key, cert: certificate };

describe('a mail server', () => {
  let implicit: TestMailServer;
  let startTls: TestMailServer;
  let plain: TestMailServer;
  let strangers: TestMailServer;
  beforeAll(async () => {
    [implicit, startTls, plain, strangers] = await Promise.all([
      TestMailServer.start({ options: { ...withUsers, ...tls, secure: true } }),
      TestMailServer.start({ options: { ...withUsers, ...tls } }),
      TestMailServer.start({ options: withUsers }),
      TestMailServer.start({ options: { ...tls, authOptional: true } }),
    ]);
  });
  beforeEach(() => {
    shown.length = 0;
  });

  let count = 0;
  const withPassword = (word: string) => `${encodeURIComponent(user)}:${encodeURIComponent(word)}@`;
  async function send(server: TestMailServer, scheme: 'smtp' | 'smtps', given: Partial<SmtpServer> & { credentials?: string; host?: string } = {}): Promise<{ to: string; outcome: MailOutcome }> {
    const { credentials = withPassword(password), host = '127.0.0.1', ...more } = given;
    const to = `ada${(count += 1)}@example.com`;
    const transport = new SmtpTransport({ url: `${scheme}://${credentials}${host}:${server.port}`, tls: 'required', authority, ...more }, Object.assign(new MailTuning(), { silenceMs: 5_000, attemptMs: 10_000 }), 5);
    return { to, outcome: await transport.send({ mailId: to, from: 'no-reply@example.com', to, message: Buffer.from(`To: ${to}\r\nSubject: hello\r\n\r\nHello\r\n`) }) };
  }

  it.each([
    ['TLS from the start', () => implicit, 'smtps', '127.0.0.1'],
    ['STARTTLS', () => startTls, 'smtp', '127.0.0.1'],
    ['STARTTLS, by its name', () => startTls, 'smtp', 'localhost'],
  ] as const)('with %s gets the password and the mail encrypted', async (_, server, scheme, host) => {
    const { to, outcome } = await send(server(), scheme, { host });
    expect(outcome).toEqual({ kind: 'sent' });
    expect(server().to(to)).toMatchObject([{ secure: true, user }]);
    expect(shown).toEqual([{ password, encrypted: true }]);
  });

  it('that offers STARTTLS gets a mail encrypted also where it need not be', async () => {
    const { to, outcome } = await send(strangers, 'smtp', { credentials: '', tls: 'opportunistic' });
    expect([outcome, strangers.to(to)]).toMatchObject([{ kind: 'sent' }, [{ secure: true, user: null }]]);
    const without = await send(strangers, 'smtp', { credentials: '', tls: 'none' });
    expect([without.outcome, strangers.to(without.to)]).toMatchObject([{ kind: 'sent' }, [{ secure: false }]]);
  });

  it('that refuses the password is tried another time', async () => {
    for (const [server, scheme] of [[implicit, 'smtps'], [startTls, 'smtp']] as const) {
      const { to, outcome } = await send(server, scheme, { credentials: withPassword('wrong') });
      expect([outcome, server.to(to)]).toEqual([{ kind: 'delayed', failure: '535' }, []]);
    }
    expect(shown.map((one) => one.encrypted)).toEqual([true, true]);
  });

  it.each<[string, () => [TestMailServer, 'smtp' | 'smtps', Partial<SmtpServer>]]>([
    ['has a certificate of an authority that nobody knows, with TLS from the start', () => [implicit, 'smtps', { authority: null }]],
    ['has such a certificate, with STARTTLS', () => [startTls, 'smtp', { authority: null }]],
    ['has such a certificate, where encryption is not required', () => [startTls, 'smtp', { authority: null, tls: 'opportunistic' }]],
    ['speaks no TLS from the start', () => [plain, 'smtps', {}]],
    ['has no STARTTLS where encryption is required', () => [plain, 'smtp', {}]],
  ])('that %s is shown no password, and tried another time', async (_, how) => {
    const [server, scheme, given] = how();
    const { to, outcome } = await send(server, scheme, given);
    expect([outcome, server.to(to), shown]).toEqual([{ kind: 'delayed', failure: 'ETLS' }, [], []]);
  });

  it('without encryption gets the password where the configuration says so', async () => {
    const { outcome } = await send(plain, 'smtp', { tls: 'none' });
    expect([outcome, shown]).toEqual([{ kind: 'sent' }, [{ password, encrypted: false }]]);
  });
});
