import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause, TestMailServer, type Part } from '#libs/platform/testing';
import { platform, secondsSince, seen, topology } from './fault-world.js';
import { platform as given, unique } from './platform-under-test.js';

const { superAdmin, org } = given.demo;
const headers = { 'x-api-key': superAdmin.apiKey };
/** For so long the mail server is away. */
const awayMs = 600_000;
const doer: Part = topology === 'all-in-one' ? 'all' : 'workers';

let smtp: TestMailServer;

const withMailServer = () => ({ SMTP_URL: smtp.url, MAIL_FROM: 'Rollcall <no-reply@example.com>' });

/** The part that sends mails, with our mail server or as it was. */
async function relaunch(environment: Record<string, string> = withMailServer()): Promise<void> {
  await platform.kill(doer);
  await platform.launch(doer, environment);
  await platform.untilReady();
}

interface Invited {
  email: string;
  id: string;
}

async function invite(email: string): Promise<Invited> {
  const answer = await platform.api.post('/v1/admin/users/invite', { headers, body: { user_email: email, role: 'member', org_id: org.id } });
  expect([answer.status, answer.body.invitation.email_status]).toEqual([201, 'queued']);
  return { email, id: answer.body.invitation.invitation_id as string };
}

const inviteMany = (what: string, count: number) => Promise.all(Array.from({ length: count }, () => invite(`${unique(what)}@example.com`)));

/** What the list of invitations says of their mails. */
async function statesOf(invited: readonly Invited[]): Promise<string[]> {
  const { body } = await platform.api.get(`/v1/admin/invitations?org_id=${org.id}&page_size=100`, { headers });
  const listed = body.invitations as { invitation_id: string; email_status: string }[];
  return invited.map(({ id }) => listed.find(({ invitation_id }) => invitation_id === id)?.email_status ?? 'not listed');
}

const timesTold = (invited: readonly Invited[]) => invited.map(({ email }) => smtp.to(email).length);
const tokensTold = ({ email }: Invited) => new Set(smtp.to(email).map(({ parsed }) => /\?token=([\w-]+)/.exec(parsed.text ?? '')?.[1]));

describe('an invitation', () => {
  beforeAll(async () => {
    smtp = await TestMailServer.start();
    await relaunch();
  });

  afterAll(async () => {
    await relaunch({});
  });

  it('waits while the mail server is away for ten minutes, says so, and is sent once when it is back', async () => {
    await smtp.stop();
    const invited = await inviteMany('waiting', 20);
    await pause(awayMs);
    expect(await statesOf(invited)).toEqual(invited.map(() => 'queued'));
    await smtp.listen();
    const back = performance.now();
    await eventually(async () => expect(await statesOf(invited)).toEqual(invited.map(() => 'sent')), 90_000);
    expect(timesTold(invited)).toEqual(invited.map(() => 1));
    seen('mail server away', { 'for s': awayMs / 1_000, invitations: invited.length, 'all sent after s': secondsSince(back) });
  }, 900_000);

  it('is sent at most once more by the workers that follow those that died while the mail server took it', async () => {
    const deaths = 2;
    const began = performance.now();
    let invited: Invited[] = [];
    for (let death = 1; death <= deaths; death += 1) {
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      smtp.behaviour = { beforeAnswer: () => held };
      if (death === 1) invited = await inviteMany('held', 3);
      // The mail server has them, and has not said so. An attempt is taken for dead after 90 s.
      await eventually(async () => expect(timesTold(invited)).toEqual(invited.map(() => death)), 240_000);
      await platform.kill(doer);
      smtp.behaviour = {};
      letGo();
      await platform.launch(doer, withMailServer());
    }
    await platform.untilReady();
    // Twice nobody knows: a third time would be one too many, and an administrator sees that it failed.
    await eventually(async () => expect(await statesOf(invited)).toEqual(invited.map(() => 'failed')), 300_000);
    expect(timesTold(invited)).toEqual(invited.map(() => 2));
    for (const one of invited) {
      expect(tokensTold(one).size).toBe(1);
      expect(new Set(smtp.to(one.email).map(({ parsed }) => parsed.messageId)).size).toBe(1);
    }
    const [token] = tokensTold(invited[0]!);
    expect((await platform.api.post('/v1/auth/invitations/accept', { body: { token, password: 'correct horse battery' } })).status).toBe(200);
    seen('workers killed while the mail server took mails', { deaths, mails: invited.length, 'sent in all': timesTold(invited).reduce((sum, times) => sum + times, 0), 'settled after s': secondsSince(began) });
  }, 900_000);
});
