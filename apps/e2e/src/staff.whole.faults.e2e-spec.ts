import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause, type Part } from '#libs/platform/testing';
import { answerOf, atOnce, platform, seen, topology } from './fault-world.js';
import { platform as given, unique } from './platform-under-test.js';

const { superAdmin } = given.demo;
const headers = { 'x-api-key': superAdmin.apiKey };
const inOneProcess = topology === 'all-in-one';

let orgId: string;
beforeAll(async () => {
  orgId = (await platform.api.post('/v1/admin/orgs', { headers, body: { name: 'Faults', slug: unique('faults') } })).body.org_id as string;
});

/** Kills the part when the share of the work is done that is named for this kill, and starts it again. */
function killAt(part: Part, shares: readonly number[], whole: number): { after(done: number): void; whole(): Promise<void>; times: () => number } {
  let killing: Promise<void> = Promise.resolve();
  let times = 0;
  return {
    after: (done) => {
      if (times === shares.length || done < shares[times]! * whole) return;
      times += 1;
      killing = killing.then(async () => {
        await platform.kill(part);
        await platform.launch(part);
        await platform.untilReady();
      });
    },
    whole: () => killing,
    times: () => times,
  };
}

describe('kill -9 in the middle of invitations', () => {
  it('leaves, where those that were not answered are asked again, one person, one membership, one invitation and its mail of each', async () => {
    const part = inOneProcess ? 'all' : 'membership';
    const count = 300;
    const prefix = unique('invited');
    const kill = killAt(part, [0.2, 0.5, 0.8], count);
    const invite = (number: number) => answerOf(platform.api.post('/v1/admin/users/invite', { headers, body: { user_email: `${prefix}-${number}@example.com`, role: 'member', org_id: orgId } }));
    const askedAgain = new Set<number>();
    let answered = 0;
    let next = 0;
    await atOnce(async () => {
      while (next < count) {
        const number = (next += 1);
        while ((await invite(number)).status !== 201) {
          askedAgain.add(number);
          await pause(200);
        }
        kill.after((answered += 1));
      }
    });
    await kill.whole();
    expect([kill.times(), askedAgain.size > 0]).toEqual([3, true]);

    const emails = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}@example.com`).sort();
    const ofAll = `${prefix}-%@example.com`;
    const invitations = await platform.query<{ email: string; user_id: string; status: string; mail_id: string }>('membership', 'SELECT email, user_id, status, mail_id FROM invitations WHERE email LIKE $1', [ofAll]);
    expect(invitations.map(({ email }) => email).sort()).toEqual(emails);
    expect(new Set(invitations.map(({ status }) => status))).toEqual(new Set(['pending']));
    const ids = invitations.map(({ user_id }) => user_id).sort();
    const members = await platform.query<{ user_id: string; status: string }>('membership', 'SELECT user_id, status FROM organisation_members WHERE organisation_id = $1 AND user_id = ANY ($2)', [orgId, ids]);
    expect([members.length, new Set(members.map(({ status }) => status))]).toEqual([count, new Set(['invited'])]);
    const people = await platform.query<{ user_id: string }>('profiles', 'SELECT user_id FROM users WHERE email LIKE $1 AND hidden_by IS NULL', [ofAll]);
    expect(people.map(({ user_id }) => user_id).sort()).toEqual(ids);
    const logins = await platform.query<{ user_id: string }>('identity', 'SELECT user_id FROM logins WHERE login_email LIKE $1', [ofAll]);
    expect(logins.map(({ user_id }) => user_id).sort()).toEqual(ids);

    const mailIds = invitations.map(({ mail_id }) => mail_id);
    await eventually(async () => expect(await platform.query('operations', `SELECT FROM mails WHERE mail_id = ANY ($1) AND state = 'sent'`, [mailIds])).toHaveLength(count), 60_000);
    const once = invitations.filter(({ email }) => !askedAgain.has(Number(/-(\d+)@/.exec(email)![1]))).map(({ user_id }) => user_id);
    const mails = await platform.query<{ times: number }>('operations', 'SELECT count(*)::int AS times FROM mails WHERE user_id = ANY ($1) GROUP BY user_id', [once]);
    expect(mails.filter(({ times }) => times !== 1)).toEqual([]);
    seen(`${part} killed among invitations`, { kills: kill.times(), invitations: count, 'asked again': askedAgain.size });
  }, 300_000);
});

describe('kill -9 of the workers while they collect the audit trail', () => {
  it('neither loses nor doubles an entry', async () => {
    const part = inOneProcess ? 'all' : 'workers';
    const count = 1_500;
    const kill = killAt(part, [0.15, 0.3, 0.45, 0.6, 0.75, 0.9], count);
    const trail = (cursor = '') => platform.api.get(`/v1/admin/orgs/${orgId}/audit?action=team.created&limit=100${cursor}`, { headers });
    let made = 0;
    let next = 0;
    let collecting = true;
    // Whoever reads the trail has it collected: so that much is going on when the workers die.
    const readers = atOnce(async () => {
      while (collecting) await answerOf(trail());
    }, 3);
    await atOnce(async () => {
      while (next < count) {
        const { status } = await answerOf(platform.api.post('/v1/admin/teams', { headers, body: { org_id: orgId, name: `Team ${(next += 1)}` } }));
        if (status === 201) made += 1;
        kill.after(made);
      }
    });
    await kill.whole();
    collecting = false;
    await readers;
    const teams = await platform.query<{ team_id: string }>('membership', 'SELECT team_id FROM teams WHERE organisation_id = $1', [orgId]);
    expect(teams.length).toBeGreaterThanOrEqual(made);
    await eventually(async () => {
      const targets: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const { status, body } = await trail(cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`);
        expect(status).toBe(200);
        targets.push(...(body.entries as { target: { id: string } }[]).map(({ target }) => target.id));
        cursor = body.next_cursor as string | null;
      }
      expect(targets.sort()).toEqual(teams.map(({ team_id }) => team_id).sort());
    }, 90_000);
    expect(await platform.query('membership', 'SELECT FROM audit_entries WHERE organisation_id = $1', [orgId])).toEqual([]);
    seen('workers killed while the audit trail is collected', { kills: kill.times(), entries: teams.length });
  }, 300_000);
});
