import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { api, platform, query, unique } from './platform-under-test.js';

const headers = { 'x-api-key': platform.demo.superAdmin.apiKey };
const job = '/v1/admin/jobs/erase-deleted-staff';

let orgId: string;
beforeAll(async () => {
  orgId = (await api.post('/v1/admin/orgs', { headers, body: { name: 'Leavers', slug: unique('leavers') } })).body.org_id as string;
});

/** Somebody who was deleted so many days ago. */
async function deleted(days: number): Promise<string> {
  const body = { user_email: `${unique('leaver')}@example.com`, role: 'member', org_id: orgId };
  const userId = (await api.post('/v1/admin/users/invite', { headers, body })).body.user.user_id as string;
  expect((await api.delete(`/v1/admin/users/${userId}`, { headers })).status).toBe(204);
  await query('membership', 'UPDATE members SET deleted_at = now() - make_interval(days => $2) WHERE user_id = $1', [userId, days]);
  return userId;
}

/** Runs the schedule, and waits for the end of it. */
async function run(): Promise<void> {
  const { run_id } = (await api.post(`${job}/run`, { headers })).body as { run_id: string };
  await eventually(async () => {
    const { body } = await api.get(job, { headers });
    const found = (body.runs as { run_id: string; outcome: string }[]).find((one) => one.run_id === run_id);
    expect(found?.outcome).toBe('done');
  }, 90_000);
}

describe('people who were deleted', () => {
  it('longer ago than they are kept are erased in every service, with a receipt; those deleted later or restored are not', async () => {
    const back = await deleted(29);
    expect((await api.post(`/v1/admin/users/${back}/restore`, { headers })).status).toBe(200);
    const [expired, later] = [await deleted(31), await deleted(29)];
    await run();
    const receipt = await eventually(async () => {
      const [erasure] = await query<{ sequence: string | null }>('operations', 'SELECT receipt_sequence AS sequence FROM erasures JOIN erasure_users USING (realm_id, erasure_id) WHERE user_id = $1', [expired]);
      expect(erasure?.sequence).toEqual(expect.anything());
      return (await api.get(`/v1/admin/receipts/${erasure!.sequence}`, { headers })).body;
    }, 90_000);
    expect(receipt).toMatchObject({ kind: 'erasure', requested_by: { type: 'system' }, services: { profiles: { erased: { users: 1 } }, identity: { erased: { logins: 1 } }, membership: { erased: { members: 1, organisation_members: 1, invitations: 1 } } } });
    for (const { remains } of Object.values(receipt.services as Record<string, { remains: Record<string, number> }>)) expect(Object.values(remains).filter((count) => count > 0)).toEqual([]);
    expect((await api.get(`/v1/admin/users/${expired}`, { headers })).status).toBe(404);
    expect((await api.post(`/v1/admin/users/${expired}/restore`, { headers })).status).toBe(404);
    expect((await api.get(`/v1/admin/users/${later}`, { headers })).body.status).toBe('deleted');
    expect((await api.post(`/v1/admin/users/${later}/restore`, { headers })).status).toBe(200);
    for (const userId of [back, later]) expect((await api.get(`/v1/admin/users/${userId}`, { headers })).body.status).not.toBe('deleted');
  });
});
