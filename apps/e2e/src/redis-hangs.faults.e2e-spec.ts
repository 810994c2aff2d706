import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause } from '#libs/platform/testing';
import { platform, secondsSince, seen, sized, topology } from './fault-world.js';
import { environmentToken, keyAndSecret, platform as given, unique } from './platform-under-test.js';

const { superAdmin, org } = given.demo;
const headers = { 'x-api-key': superAdmin.apiKey };

/** Longer than anything that is answered may take, however busy the machine is; a store that hangs answers never. */
const boundMs = 8_000;

/** All in one, there is no Redis. */
const described = topology === 'services' ? describe : (_name: string, _specs: () => void) => undefined;
if (topology !== 'services') it('no Redis hangs where there is none', () => expect(() => platform.servers).toThrow());

described('a Redis that takes connections and never answers', () => {
  let basic: readonly [string, string];
  let bearer = '';
  let jobId = '';
  let invitationId = '';
  let back = 0;
  const doomed = unique('doomed');

  const list = () => platform.api.get('/v1/users?limit=1', { basic });
  /** The statuses, all of them within the bound. */
  async function within(requests: Promise<{ status: number }>[]): Promise<number[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<{ status: number }[]>((resolve) => (timer = setTimeout(resolve, boundMs, [{ status: -1 }])));
    return (await Promise.race([Promise.all(requests), late]).finally(() => clearTimeout(timer))).map(({ status }) => status);
  }
  const times = (count: number, status: number) => Array.from({ length: count }, () => status);

  beforeAll(async () => {
    const slug = unique('hanging');
    const { project_id } = (await platform.api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug, settings: { rate_limit: 5 } } })).body as { project_id: string };
    const { key, secret } = (await platform.api.post(`/v1/admin/projects/${project_id}/engagement-keys`, { headers, body: { name: slug } })).body as { key: string; secret: string };
    basic = [key, secret];
    await platform.api.post('/v1/users', { basic: keyAndSecret, body: { id: doomed } });
    platform.servers.freeze('redis');
  });

  afterAll(async () => {
    await platform.restore();
  });

  it('limits nobody, and holds nobody up for long', async () => {
    for (let round = 0; round < sized(2, 20); round += 1) {
      expect(await within(Array.from({ length: 20 }, list))).toEqual(times(20, 200));
      await pause(sized(0, 3_000));
    }
  });

  it('keeps erasures and invitations waiting, which are accepted all the same', async () => {
    bearer = await environmentToken();
    const erasure = platform.api.put('/delete-users', { bearer, body: { data: [doomed] } });
    const invitation = platform.api.post('/v1/admin/users/invite', { headers, body: { user_email: `${unique('hung')}@example.com`, role: 'member', org_id: org.id } });
    expect(await within([erasure, invitation])).toEqual([200, 201]);
    jobId = (await erasure).body.job_id as string;
    invitationId = (await invitation).body.invitation.invitation_id as string;
    expect((await platform.api.get(`/v1/users/${doomed}`, { basic: keyAndSecret })).status).toBe(404);
  });

  it('limits again once it answers', async () => {
    platform.servers.thaw('redis');
    back = performance.now();
    await eventually(async () => expect((await list()).status).toBe(429), 30_000);
  });

  // A schedule looks every quarter of a minute for rows that have no job: more than `npm test` has time for.
  if (sized(false, true)) {
    it('has what waited done by itself', async () => {
      await eventually(async () => expect((await platform.api.get(`/delete-users/${jobId}`, { bearer })).body.data.state).toBe('done'), 60_000);
      await eventually(async () => {
        const listed = (await platform.api.get(`/v1/admin/invitations?org_id=${org.id}&page_size=100`, { headers })).body.invitations as { invitation_id: string; email_status: string }[];
        expect(listed.find((one) => one.invitation_id === invitationId)?.email_status).toBe('sent');
      }, 60_000);
      seen('Redis hung', { 'erased and mailed after s': secondsSince(back) });
    }, 180_000);
  }
});
