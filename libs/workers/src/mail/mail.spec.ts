import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { v7 as uuidv7 } from 'uuid';
import { operations, staffRealmId, type MailContent } from '#libs/contracts';
import { eventually, selfSignedCertificate, testCertificate, testFolder, TestMailServer } from '#libs/platform/testing';
import { WorkersApp } from '../spec-support/workers-app.js';

const reset: MailContent = { template: 'password-reset', token: 'rc_reset_the-token', expiresAt: '2026-11-26T23:20:00.000Z' };
const row = 'SELECT state, attempts, lost, failure FROM mails WHERE mail_id = $1';
let count = 0;
const someone = () => `ada${(count += 1)}@example.com`;

describe('a mail', () => {
  let server: TestMailServer;
  let app: WorkersApp;
  let realmId: string;
  beforeAll(async () => {
    server = await TestMailServer.start();
    app = await WorkersApp.start({ environment: { SMTP_URL: server.url, MAIL_FROM: 'Rollcall <no-reply@rollcall.example>' }, mailTuning: { silenceMs: 500, attemptMs: 2_000, leaseSeconds: 1 } });
  });
  beforeEach(() => {
    realmId = uuidv7();
    app.mailOwners.projectNames.set(realmId, 'Ada’s Café');
    app.mailOwners.away = false;
    server.behaviour = {};
  });

  it('goes out by SMTP, in HTML and as plain text, in the name of its project, with a link to the configured page', async () => {
    const to = someone();
    const mailId = await app.mailOwners.request(realmId, to, reset);
    expect(await app.mailFinished(realmId, mailId)).toEqual({ mailId, state: 'sent', finishedAt: expect.any(String) });
    const [mail, ...others] = server.to(to);
    expect(others).toEqual([]);
    expect(mail!.from).toBe('no-reply@rollcall.example');
    expect(mail!.parsed).toMatchObject({ from: { name: 'Ada’s Café', address: 'no-reply@rollcall.example' }, subject: 'Reset your password for Ada’s Café', messageId: `<${mailId}@rollcall.example>` });
    const link = 'https://app.example/auth/reset-password?token=rc_reset_the-token';
    expect(mail!.parsed.text).toContain(link);
    expect(mail!.parsed.text).toContain('until 26 November 2026, 23:20 UTC');
    expect(mail!.parsed.html).toContain(`href="${link}"`);
    expect(mail!.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  });

  it('links to the pages of its project, where that says so', async () => {
    app.mailOwners.linkBases.set(realmId, 'https://shop.example/account/?lang=en');
    const to = someone();
    await app.mailFinished(realmId, await app.mailOwners.request(realmId, to, reset));
    expect(server.to(to)[0]!.parsed.text).toContain('\nhttps://shop.example/account/reset-password?lang=en&token=rc_reset_the-token\n');
  });

  it('to staff comes from MAIL_FROM as it is', async () => {
    const to = someone();
    await app.mailFinished(staffRealmId, await app.mailOwners.request(staffRealmId, to, reset));
    expect(server.to(to)[0]!.parsed.from).toEqual({ name: 'Rollcall', address: 'no-reply@rollcall.example' });
  });

  it('shows what users typed as they typed it, on one line, and runs nothing of it', async () => {
    const to = someone();
    const inviter = 'Eve <script>alert(1)</script>\r\nBcc: all@example.com';
    const mailId = await app.mailOwners.request(staffRealmId, to, { template: 'invitation', token: 't&t', expiresAt: reset.expiresAt, inviter, organisation: '"Acme" & Sons\u202e', place: null, role: 'org_admin' }, { owner: 'membership' });
    await app.mailFinished(staffRealmId, mailId);
    const [mail] = server.to(to);
    expect(mail!.parsed.subject).toBe('Eve <script>alert(1)</script> Bcc: all@example.com has invited you to "Acme" & Sons');
    expect(mail!.parsed.bcc).toBeUndefined();
    expect(server.to('all@example.com')).toEqual([]);
    expect(mail!.parsed.html).not.toContain('<script>');
    expect(mail!.parsed.html).toContain('&#60;script&#62;alert(1)');
    expect(mail!.parsed.html).toContain('token=t%26t');
    expect(mail!.parsed.text).toContain('as org admin.');
  });

  it('leaves neither address, words nor token in any table, in the queue or in the log', async () => {
    const to = someone();
    const secret = `rc_reset_${uuidv7()}`;
    const failing = someone();
    server.behaviour = { refuse: (address) => (address === failing ? 550 : undefined) };
    await app.mailFinished(realmId, await app.mailOwners.request(realmId, to, { ...reset, token: secret }));
    await app.mailFinished(realmId, await app.mailOwners.request(realmId, failing, { ...reset, token: secret }));
    const tables = await app.query<{ schema: string; name: string }>(`SELECT table_schema AS schema, table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
    for (const { schema, name } of tables) {
      const [found] = await app.query<{ text: string }>(`SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM "${schema}"."${name}" t`);
      for (const word of [to, failing, secret]) expect(found!.text).not.toContain(word);
    }
    for (const word of [to, failing, secret]) expect(JSON.stringify(app.log.records)).not.toContain(word);
  });

  it('to an address that the mail server refuses for good has failed, and is not tried again', async () => {
    const to = someone();
    server.behaviour = { refuse: () => 550 };
    const mailId = await app.mailOwners.request(realmId, to, reset);
    expect(await app.mailFinished(realmId, mailId)).toMatchObject({ state: 'failed' });
    expect(await app.query(row, [mailId])).toEqual([{ state: 'failed', attempts: 1, lost: 0, failure: '550' }]);
  });

  it.each([
    ['is busy', (): TestMailServer['behaviour'] => ({ refuse: () => 451 })],
    ['wants a password that nobody configured', (): TestMailServer['behaviour'] => ({ refuse: () => 530 })],
  ])('waits for a mail server that %s', async (_, behaviour) => {
    const to = someone();
    server.behaviour = behaviour();
    const mailId = await app.mailOwners.request(realmId, to, reset);
    await eventually(async () => expect((await app.query<{ attempts: number }>(row, [mailId]))[0]!.attempts).toBeGreaterThan(2));
    expect((await app.call(operations.describeMails, { realmId, mailIds: [mailId] })).mails).toEqual([{ mailId, state: 'queued', finishedAt: null }]);
    server.behaviour = {};
    expect(await app.mailFinished(realmId, mailId)).toMatchObject({ state: 'sent' });
    expect(server.to(to)).toHaveLength(1);
  });

  it('waits while the mail server is down, whatever the queue forgets meanwhile', async () => {
    await server.stop();
    const to = someone();
    const mailIds = await Promise.all(Array.from({ length: 5 }, () => app.mailOwners.request(realmId, to, reset)));
    await eventually(async () => {
      const rows = await app.query<{ attempts: number; failure: string }>('SELECT attempts, failure FROM mails WHERE mail_id = ANY ($1)', [mailIds]);
      expect(rows).toHaveLength(5);
      for (const each of rows) expect(each).toMatchObject({ failure: 'ESOCKET', attempts: expect.any(Number) });
    });
    // The queue loses everything.
    for (const { name } of await app.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'bullmq' AND column_name = 'queue' AND table_name LIKE '%job%'`)) {
      await app.query(`DELETE FROM bullmq."${name}" WHERE queue = 'mail'`);
    }
    await server.listen();
    await eventually(async () => {
      // Time goes by for those that wait: one that an attempt is at just now would be taken for that of a dead worker.
      await app.query(`UPDATE mails SET requested_at = requested_at - interval '20 minutes', attempted_at = attempted_at - interval '20 minutes' WHERE mail_id = ANY ($1) AND state = 'queued'`, [mailIds]);
      await app.sweepMails();
      expect(await app.query('SELECT FROM mails WHERE mail_id = ANY ($1) AND state = $2', [mailIds, 'sent'])).toHaveLength(5);
    });
    expect(server.to(to)).toHaveLength(5);
  });

  it('asked for with others is sent once like them, though one of them has to wait', async () => {
    const delayed = someone();
    server.behaviour = { refuse: (address) => (address === delayed ? 451 : undefined) };
    const addresses = [...Array.from({ length: 11 }, someone), delayed];
    const mailIds = await Promise.all(addresses.map((to) => app.mailOwners.request(realmId, to, reset)));
    for (const mailId of mailIds.slice(0, -1)) expect(await app.mailFinished(realmId, mailId)).toMatchObject({ state: 'sent' });
    await eventually(async () => expect((await app.query<{ attempts: number }>(row, [mailIds.at(-1)]))[0]!.attempts).toBeGreaterThan(1));
    server.behaviour = {};
    expect(await app.mailFinished(realmId, mailIds.at(-1)!)).toMatchObject({ state: 'sent' });
    expect(addresses.map((to) => server.to(to).length)).toEqual(addresses.map(() => 1));
    const jobs = await app.query<{ name: string }>(`SELECT name FROM bullmq.job WHERE data::text LIKE ANY ($1)`, [mailIds.map((mailId) => `%${mailId}%`)]);
    expect(jobs.length).toBeLessThan(mailIds.length);
  });

  it('that somebody waits for shares no job with invitations, and goes before those that wait', async () => {
    const invitation: MailContent = { template: 'invitation', token: 't', expiresAt: reset.expiresAt, inviter: 'Eve', organisation: 'Acme', place: null, role: 'member' };
    server.behaviour = { refuse: () => 451 }; // so that each has its job yet
    const ask = async (content: MailContent, owner: 'identity' | 'membership') => Promise.all(Array.from({ length: 3 }, () => app.mailOwners.request(staffRealmId, someone(), content, { owner })));
    const [invitations, resets] = await Promise.all([ask(invitation, 'membership'), ask(reset, 'identity')]);
    const priorities = (mailIds: readonly string[]) => app.query<{ priority: number }>('SELECT DISTINCT priority FROM bullmq.job WHERE data::text LIKE ANY ($1)', [mailIds.map((mailId) => `%${mailId}%`)]);
    await eventually(async () => {
      expect(await app.query('SELECT FROM mails WHERE mail_id = ANY ($1) AND attempts > 0', [[...invitations, ...resets]])).toHaveLength(6);
      expect([await priorities(invitations), await priorities(resets)]).toEqual([[{ priority: 1 }], [{ priority: 0 }]]);
    });
    server.behaviour = {};
    for (const mailId of [...invitations, ...resets]) expect(await app.mailFinished(staffRealmId, mailId)).toMatchObject({ state: 'sent' });
  });

  it('is given up after three days without a mail server', async () => {
    server.behaviour = { refuse: () => 451 };
    const mailId = await app.mailOwners.request(realmId, someone(), reset);
    await eventually(async () => expect(await app.query(row, [mailId])).toHaveLength(1));
    await app.query(`UPDATE mails SET requested_at = requested_at - interval '73 hours' WHERE mail_id = $1`, [mailId]);
    expect(await app.mailFinished(realmId, mailId)).toMatchObject({ state: 'failed' });
  });

  it('waits while its owner is away, and is dropped when that says that it is over', async () => {
    app.mailOwners.away = true;
    const to = someone();
    const mailId = await app.mailOwners.request(realmId, to, reset);
    await eventually(async () => expect(await app.query(row, [mailId])).toMatchObject([{ state: 'queued', attempts: 0 }]));
    app.mailOwners.mails.set(mailId, null);
    app.mailOwners.away = false;
    expect(await app.mailFinished(realmId, mailId)).toMatchObject({ state: 'dropped' });
    expect(server.to(to)).toEqual([]);
  });

  it('whose answer got lost is sent once more, and not again', async () => {
    const to = someone();
    let answers = 0;
    server.behaviour = {
      // Longer than the client waits for the answer to a message that was received.
      beforeAnswer: () => ((answers += 1), new Promise((resolve) => setTimeout(resolve, 800))),
    };
    const mailId = await app.mailOwners.request(realmId, to, reset);
    expect(await app.mailFinished(realmId, mailId, 15_000)).toMatchObject({ state: 'failed' });
    expect(answers).toBe(2);
    expect(server.to(to)).toHaveLength(2);
    expect(new Set(server.to(to).map(({ parsed }) => parsed.messageId)).size).toBe(1);
    expect(await app.query(row, [mailId])).toMatchObject([{ attempts: 2, lost: 2 }]);
  });

  it('that a killed worker was sending is sent once more, and not again', async () => {
    const to = someone();
    // What is left of a worker that died between sending and recording.
    const dies = (mailId: string, lost: number) => app.query(`UPDATE mails SET state = 'sending', attempts = attempts + 1, lost = $2, finished_at = NULL, requested_at = now() - interval '1 hour', attempted_at = now() - interval '1 hour' WHERE mail_id = $1`, [mailId, lost]);
    const mailId = await app.mailOwners.request(realmId, to, reset);
    await app.mailFinished(realmId, mailId);
    await dies(mailId, 0);
    await app.sweepMails();
    expect(await app.mailFinished(realmId, mailId)).toMatchObject({ state: 'sent' });
    expect(server.to(to)).toHaveLength(2);
    await dies(mailId, 1);
    await app.sweepMails();
    expect(await app.mailFinished(realmId, mailId)).toMatchObject({ state: 'failed' });
    expect(server.to(to)).toHaveLength(2);
  });

  it('is described to its owner only under its own realm', async () => {
    const mailId = await app.mailOwners.request(realmId, someone(), reset);
    await app.mailFinished(realmId, mailId);
    expect((await app.call(operations.describeMails, { realmId: uuidv7(), mailIds: [mailId] })).mails).toEqual([]);
  });
});

describe('a mail by a server with TLS and users', () => {
  it('waits for a certificate and a password that are right, and nothing of them is in the log or the tables', async () => {
    const user = 'mailer@example.com';
    const password = 'p@ss of the mail server';
    let accepted = 'another password';
    const onAuth: NonNullable<SMTPServerOptions['onAuth']> = (auth, _session, answer) => (auth.password === accepted ? answer(null, { user: auth.username! }) : answer(Object.assign(new Error(`${auth.password!} is wrong`), { responseCode: 535 })));
    const folder = await testFolder('authority');
    await writeFile(join(folder, 'ca.pem'), testCertificate.authority);
    const tls = await TestMailServer.start({ options: { secure: true, authOptional: false, onAuth, key: selfSignedCertificate.key, cert: selfSignedCertificate.certificate } });
    const SMTP_URL = `smtps://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${tls.port}`;
    const app = await WorkersApp.start({ environment: { SMTP_URL, SMTP_CA_FILE: join(folder, 'ca.pem'), MAIL_FROM: 'no-reply@rollcall.example' } });
    const to = someone();
    const mailId = await app.mailOwners.request(uuidv7(), to, reset);
    const waits = (failure: unknown) => eventually(async () => expect(await app.query(row, [mailId])).toEqual([{ state: 'queued', attempts: expect.any(Number), lost: 0, failure }]));
    await waits('ETLS');
    await tls.stop();
    tls.behaviour.options = { ...tls.behaviour.options!, key: testCertificate.key, cert: testCertificate.certificate };
    await tls.listen();
    await waits('535');
    accepted = password;
    await eventually(async () => expect(await app.query(row, [mailId])).toMatchObject([{ state: 'sent', lost: 0 }]));
    expect(tls.to(to)).toMatchObject([{ secure: true, user }]);
    const [told] = await app.query<{ text: string }>('SELECT string_agg(m::text, $1) AS text FROM mails m', [' ']);
    for (const word of [password, encodeURIComponent(password), user, to]) expect(told!.text + JSON.stringify(app.log.records)).not.toContain(word);
  });
});

describe('without a mail server', () => {
  let app: WorkersApp;
  beforeAll(async () => {
    app = await WorkersApp.start();
  });

  it('a mail becomes a file that its owner alone can read, and that goes with its user', async () => {
    const realmId = uuidv7();
    const { userIds, addresses } = app.users(2);
    const [gone, stays] = await Promise.all(userIds.map((userId) => app.mailOwners.request(realmId, 'ada@example.com', reset, { userId })));
    for (const mailId of [gone!, stays!]) await app.mailFinished(realmId, mailId);
    const file = join(app.mailFolder, `${gone!}.eml`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^To: ada@example.com\r$/m);
    expect((await readdir(app.mailFolder)).sort()).toEqual([`${gone!}.eml`, `${stays!}.eml`].sort());

    const erasureId = uuidv7();
    await app.request(realmId, erasureId, [addresses[0]!]);
    const receipt = await app.done(realmId, erasureId);
    expect(receipt.services['operations']).toMatchObject({ erased: { mails: 1, mail_files: 1 }, remains: { mails: 0, mail_files: 0 } });
    expect(await readdir(app.mailFolder)).toEqual([`${stays!}.eml`]);
  });
});
