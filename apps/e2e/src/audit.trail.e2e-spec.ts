import { describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { adminToken, api, environmentToken, keyAndSecret, keyOnly, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const inProject = `/v1/admin/projects/${demo.project.id}`;
const orgAdmin = { 'x-api-key': demo.apiKey };
const unknownId = '01890000-0000-7000-8000-000000000000';

interface Entry {
  audit_id: string;
  occurred_at: string;
  actor: { type: string; id: string };
  action: string;
  target: { type: string; id: string };
  org_id: string | null;
  project_id: string | null;
  before: string[];
  after: string[];
  surface: string | null;
  address: string | null;
  request_id: string;
}

async function entriesOf(query: string, path = inProject): Promise<Entry[]> {
  const answer = await api.get(`${path}/audit?${query}`, { headers: orgAdmin });
  expect(answer.status).toBe(200);
  return answer.body.entries as Entry[];
}

describe('the audit trail of a project', () => {
  it('tells at once who did what to what, when, from where and through which surface, and no value', async () => {
    const bearer = await adminToken();
    const { user_id: admin } = (await api.post('/v1/auth/login', { body: { email: demo.admin.email, password: demo.admin.password } })).body.user as { user_id: string };
    const name = unique('secret name');
    const requestId = unique('request');
    const { list_id: listId } = (await api.post(`${inProject}/lists`, { bearer, body: { name }, headers: { 'x-request-id': requestId } })).body as { list_id: string };
    await api.patch(`${inProject}/lists/${listId}`, { headers: orgAdmin, body: { name: `${name} 2` } });
    await api.delete(`${inProject}/lists/${listId}`, { bearer });

    const answer = await api.get(`${inProject}/audit?target=${listId}`, { bearer });
    expect(answer.text).not.toContain(name);
    const [removed, changed, created] = answer.body.entries as Entry[];
    expect(created).toEqual({
      audit_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      occurred_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      actor: { type: 'user', id: admin },
      action: 'list.created',
      target: { type: 'list', id: listId },
      org_id: demo.org.id,
      project_id: demo.project.id,
      before: [],
      after: ['name'],
      surface: 'admin',
      address: expect.stringMatching(/127\.0\.0\.1|::1/),
      request_id: requestId,
    });
    expect(changed).toMatchObject({ action: 'list.changed', actor: { type: 'credential' }, before: ['name'], after: ['name'] });
    expect(removed).toMatchObject({ action: 'list.removed', before: ['name'], after: [] });
    expect(answer.body).toMatchObject({ next_cursor: null, limit: 50 });
  });

  it('knows every surface through which things are done', async () => {
    const field = unique('field');
    const bearer = await environmentToken('workbench');
    await api.put('/users/custom-profile-fields', { bearer, body: { name: field, type: 'text' } });
    await api.delete(`/users/custom-profile-fields/${field}`, { bearer });
    expect((await entriesOf(`target=${field}`)).map(({ action, surface, actor }) => [action, surface, actor.id])).toEqual([
      ['field.removed', 'environment', demo.environment.workbench.client_id],
      ['field.declared', 'environment', demo.environment.workbench.client_id],
    ]);

    const uid = unique('user');
    const { id } = (await api.post('/v1/users', { basic: keyOnly, body: { id: uid, email: `${uid}@example.com` } })).body as { id: string };
    await api.post(`/${demo.project.slug}/users/${id}/change-password`, { headers: orgAdmin, body: { password: 'correct horse battery' } });
    expect(await entriesOf(`target=${id}`)).toEqual([expect.objectContaining({ action: 'user.password-set', surface: 'project', before: [], after: ['login_email', 'password'] })]);
    const { body: session } = await api.post(`/${demo.project.slug}/users/login`, { body: { username: `${uid}@example.com`, password: 'correct horse battery' } });
    await api.delete('/v1/auth/sessions?keep_current=true', { bearer: session.access_token as string }); // none to end
    await api.delete('/v1/auth/sessions', { bearer: session.access_token as string });
    expect(await entriesOf(`target=${id}&action=user.sessions-ended`)).toEqual([expect.objectContaining({ actor: { type: 'user', id }, surface: 'admin', address: expect.stringMatching(/127\.0\.0\.1|::1/), project_id: demo.project.id })]);
    const created = await api.post(`${inProject}/api-clients`, { headers: orgAdmin, body: { name: 'Backend', roles: ['events'] } });
    await api.delete(`${inProject}/api-clients/${created.body.client_id}`, { headers: orgAdmin });
    expect((await entriesOf(`target=${created.body.client_id}&action=api-client.*`)).map(({ action }) => action)).toEqual(['api-client.revoked', 'api-client.created']);
  });

  it('keeps of an erased user a hash, which stands for them in all of it', async () => {
    const uid = unique('goes');
    const { id } = (await api.post('/v1/users', { basic: keyOnly, body: { id: uid, email: `${uid}@example.com` } })).body as { id: string };
    await api.post(`/${demo.project.slug}/users/${id}/change-password`, { headers: orgAdmin, body: { password: 'correct horse battery' } });
    const [before] = await entriesOf(`target=${id}`);
    const bearer = await environmentToken('events');
    const erasure = await api.put('/delete-users', { bearer, body: { data: [uid] } });
    const job = await eventually(async () => {
      const { body } = await api.get(`/delete-users/${erasure.body.job_id}`, { bearer });
      expect(body.data.state).toBe('done');
      return body.data;
    }, 90_000);
    // The request for the erasure may be collected before, or as a hash already.
    expect([1, 2]).toContain(job.receipt.services.operations.erased.audit_log);
    expect(job.receipt.services.operations.remains).toMatchObject({ audit_log: 0 });
    expect(await entriesOf(`target=${id}`)).toEqual([]);
    const after = (await entriesOf('action=user.*&limit=1000')).find(({ audit_id }) => audit_id === before!.audit_id)!;
    expect(after).toEqual({ ...before, target: { type: 'user', id: expect.stringMatching(/^erased:[\w-]{43}$/) } });
    expect((await entriesOf(`target=${after.target.id}`)).map(({ action, surface }) => [action, surface])).toEqual([['user.erasure-requested', 'environment'], ['user.password-set', 'project']]);
  });

  it('is paged through with a cursor of the same question, and is exported as lines, oldest first', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { body } = await api.post(`${inProject}/segments`, { headers: orgAdmin, body: { name: unique('segment'), rule: { 'attributes.plan': 'pro' } } });
      ids.push(body.segment_id as string);
    }
    const since = (await entriesOf(`target=${ids[0]}`))[0]!.occurred_at;
    const question = `action=segment.created&from=${since}`;
    const page = async (cursor: string) => (await api.get(`${inProject}/audit?${question}&limit=2${cursor}`, { headers: orgAdmin })).body as { entries: Entry[]; next_cursor: string | null };
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { entries, next_cursor } = await page(cursor);
      seen.push(...entries.map(({ target }) => target.id));
      if (next_cursor === null) break;
      cursor = `&cursor=${next_cursor}`;
    }
    expect(seen.filter((id) => ids.includes(id))).toEqual([...ids].reverse());
    const { next_cursor } = await page('');
    expect((await api.get(`${inProject}/audit?limit=2&cursor=${next_cursor}`, { headers: orgAdmin })).status).toBe(400);

    const exported = await api.get(`${inProject}/audit/export?${question}`, { headers: orgAdmin });
    expect(exported.headers.get('content-type')).toBe('application/x-ndjson');
    expect(exported.headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"');
    const lines = exported.text.trimEnd().split('\n').map((line) => JSON.parse(line) as Entry);
    expect(lines.map(({ target }) => target.id).filter((id) => ids.includes(id))).toEqual(ids);
    expect(lines).toContainEqual((await entriesOf(`target=${ids[0]}`))[0]);
    expect((await api.get(`${inProject}/audit/export?actor=${unknownId}`, { headers: orgAdmin })).text).toBe('');
    for (const id of ids) await api.delete(`${inProject}/segments/${id}`, { headers: orgAdmin });
  });

  it.each([['limit=0', 'limit'], ['limit=1001', 'limit'], ['limit=x', 'limit'], ['from=yesterday', 'from'], ['to=2026-13-01', 'to'], ['actor=', 'actor'], ['action=%00', 'action'], ['cursor=abc', 'cursor']])('answers %s with 400 and names what is wrong', async (query, place) => {
    const answer = await api.get(`${inProject}/audit?${query}`, { headers: orgAdmin });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(place);
    if (place === 'from') expect((await api.get(`${inProject}/audit/export?${query}`, { headers: orgAdmin })).status).toBe(400);
  });
});

describe('who sees the audit trail', () => {
  const paths = [`${inProject}/audit`, `${inProject}/audit/export`, `/v1/admin/orgs/${demo.org.id}/audit`, `/v1/admin/orgs/${demo.org.id}/audit/export`];

  it.each(paths)('%s: administrators', async (path) => {
    const bearer = await adminToken();
    expect((await api.get(path, { bearer })).status).toBe(200);
    expect((await api.get(path)).status).toBe(401);
    expect((await api.get(path, { basic: keyAndSecret })).status).toBe(401);
    const editor = (await api.post(`/v1/admin/orgs/${demo.org.id}/api-keys`, { headers: orgAdmin, body: { name: 'Editor', role: 'editor' } })).body as { api_key_id: string; key: string };
    expect((await api.get(path, { headers: { 'x-api-key': editor.key } })).status).toBe(403);
    await api.delete(`/v1/admin/orgs/${demo.org.id}/api-keys/${editor.api_key_id}`, { headers: orgAdmin });
    const elsewhere = await api.get(path.replace(demo.project.id, unknownId).replace(demo.org.id, unknownId), { bearer });
    expect(elsewhere.status).toBe(404);
  });

  it('shows an organisation what was done to itself and in its projects', async () => {
    const org = `/v1/admin/orgs/${demo.org.id}`;
    const key = (await api.post(`${org}/api-keys`, { headers: orgAdmin, body: { name: 'CI', role: 'viewer' } })).body as { api_key_id: string };
    const list = (await api.post(`${inProject}/lists`, { headers: orgAdmin, body: { name: unique('list') } })).body as { list_id: string };
    await api.delete(`${org}/api-keys/${key.api_key_id}`, { headers: orgAdmin });
    await api.delete(`${inProject}/lists/${list.list_id}`, { headers: orgAdmin });
    expect((await entriesOf(`target=${key.api_key_id}`, org)).map(({ action, project_id }) => [action, project_id])).toEqual([['api-key.revoked', null], ['api-key.created', null]]);
    expect(await entriesOf(`target=${list.list_id}`, org)).toHaveLength(2);
    expect(await entriesOf(`target=${key.api_key_id}`)).toEqual([]);
    expect(await entriesOf(`target=${list.list_id}`)).toHaveLength(2);
  });
});
