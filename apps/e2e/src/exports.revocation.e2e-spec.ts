import { get, type IncomingMessage } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause, type ApiAnswer } from '#libs/platform/testing';
import { api, platform, unique } from './platform-under-test.js';
import { newOrgAdmin } from './staff.js';

const headers = { 'x-api-key': platform.demo.superAdmin.apiKey };
/** More than the connections between a gateway and a client who does not read hold by themselves. */
const users = 2_500;

let org: string;
let exported: string;
beforeAll(async () => {
  org = (await api.post('/v1/admin/orgs', { headers, body: { name: 'Revocation', slug: unique('revocation') } })).body.org_id as string;
  const slug = unique('revocation');
  const place = `/v1/admin/projects/${(await api.post('/v1/admin/projects', { headers, body: { org_id: org, name: slug, slug } })).body.project_id as string}`;
  exported = `${place}/exports?type=users`;
  const rows = Array.from({ length: users }, (_, n) => `${JSON.stringify({ id: `u-${n}`, attributes: { filler: 'x'.repeat(4_000) } })}\n`).join('');
  const { body } = await api.post(`${place}/imports?type=users`, { headers: { ...headers, 'content-type': 'application/x-ndjson' }, raw: rows });
  await eventually(async () => expect((await api.get(`${place}/imports/${body.import_id as string}`, { headers })).body).toMatchObject({ state: 'done', created: users }), 90_000);
});

/** An export of which its reader has taken the beginning. @returns takes the rest, and says how it ended */
async function begun(credentials: Record<string, string>): Promise<() => Promise<string>> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(`${platform.url}${exported}`, { headers: credentials, agent: false }, resolve).once('error', reject));
  expect(answer.statusCode).toBe(200);
  let text = '';
  answer.setEncoding('utf8').once('data', (part: string) => {
    text += part;
    answer.pause();
  });
  await eventually(() => expect(text).not.toBe(''));
  return () =>
    new Promise((resolve) => {
      answer.on('data', (part: string) => (text = (text + part).slice(-1_000)));
      answer.once('error', () => resolve('broken off')).once('end', () => resolve(text.trimEnd().split('\n').at(-1)!));
      answer.resume();
    });
}

describe('an export that is being read', () => {
  it('breaks off when its key is revoked, its session ends or its reader’s role is taken away, and for nobody else', async () => {
    const key = async () => (await api.post(`/v1/admin/orgs/${org}/api-keys`, { headers, body: { name: 'n', role: 'org_admin' } })).body as { key: string; api_key_id: string };
    const [good, revoked, loggedOut, member] = [await key(), await key(), await newOrgAdmin(org), await newOrgAdmin(org)];
    const rest = [await begun({ 'x-api-key': good.key }), await begun({ 'x-api-key': revoked.key }), await begun({ authorization: `Bearer ${loggedOut.bearer}` }), await begun({ authorization: `Bearer ${member.bearer}` })];
    const changes: ApiAnswer[] = [
      await api.delete(`/v1/admin/orgs/${org}/api-keys/${revoked.api_key_id}`, { headers }),
      await api.delete('/v1/auth/sessions', { bearer: loggedOut.bearer }),
      await api.put(`/v1/admin/orgs/${org}/members/${member.userId}`, { headers, body: { role: 'member' } }),
    ];
    expect(changes.map(({ status }) => Math.floor(status / 100))).toEqual([2, 2, 2]);
    await pause(1_500);
    expect(await Promise.all(rest.map((take) => take()))).toEqual([JSON.stringify({ kind: 'end', records: users }), 'broken off', 'broken off', 'broken off']);
  });
});
