import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, exportSources, profiles, staffRealmId, systemActor, type ExportRecord } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

/** All that is told, and how many pages it took. */
async function told(realmId: string, userId: string): Promise<{ records: ExportRecord[]; pages: number }> {
  const records: ExportRecord[] = [];
  let pages = 0;
  for (let after: string | null = null; pages === 0 || after !== null; pages += 1) {
    const page: { records: ExportRecord[]; next: string | null } = await app.call(exportSources.profiles, { realmId, userId, after });
    records.push(...page.records);
    after = page.next;
  }
  return { records, pages };
}

describe('what is told of a user', () => {
  it('is the profile, what they belong to and every event once, however many there are', async () => {
    const realmId = uuidv7();
    const listId = uuidv7();
    await app.call(profiles.createList, { realmId, listId, name: 'News', actor: systemActor });
    const { user } = await app.upsert(realmId, 'ada', { firstName: 'Ada', email: 'ada@example.com', attributes: { plan: 'pro' }, lists: [listId] });
    const { user: other } = await app.upsert(realmId, 'other', { firstName: 'Other' });
    await app.track(realmId, 'other');
    // Several at one moment, which only the order of arrival tells apart.
    await app.database.query(
      `INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event, properties) SELECT $1, $2, now() - make_interval(secs => n / 400), n::text, 'Paid', '{"amount": 5}' FROM generate_series(1, 1300) n`,
      [realmId, user.userId],
    );
    const { records, pages } = await told(realmId, user.userId);
    const ofKind = (kind: string) => records.filter((record) => record.kind === kind).map(({ data }) => data);
    expect(ofKind('profile')).toEqual([expect.objectContaining({ user_id: user.userId, uid: 'ada', first_name: 'Ada', email: 'ada@example.com', attributes: { plan: 'pro' }, created_at: expect.stringMatching(/\.\d{3}Z$/) })]);
    expect(ofKind('list')).toEqual([{ list_id: listId, name: 'News', subscribed: true, since: expect.any(String) }]);
    const ids = ofKind('event').map(({ id }) => Number(id));
    expect([ids.length, new Set(ids).size]).toEqual([1300, 1300]);
    expect(ofKind('event')[0]).toEqual({ id: expect.any(String), event: 'Paid', value: null, properties: { amount: 5 }, timestamp: expect.stringMatching(/Z$/), received_at: expect.any(String) });
    expect(pages).toBe(3);
    expect(JSON.stringify(records)).not.toContain(other.userId);
  });

  it('comes in pages that are no larger than a message may be', async () => {
    const realmId = uuidv7();
    const { user } = await app.upsert(realmId, 'large');
    await app.database.query(`INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event, properties) SELECT $1, $2, now(), n::text, 'Read', jsonb_build_object('text', repeat('x', 30000)) FROM generate_series(1, 100) n`, [realmId, user.userId]);
    const { records, pages } = await told(realmId, user.userId);
    expect(records.filter(({ kind }) => kind === 'event')).toHaveLength(100);
    expect(pages).toBe(3);
  });

  it('is told under the audit trail, and nothing of somebody who is being erased, at whichever page', async () => {
    const realmId = uuidv7();
    const { user } = await app.upsert(realmId, 'gone');
    const ask = { realmId, userId: user.userId, organisationId: null, actor: { type: 'user' as const, id: 'asker' } };
    await app.call(profiles.recordExport, ask);
    const { entries } = await app.call(auditSources.profiles.pending, { limit: 1_000 });
    expect(entries.at(-1)).toMatchObject({ actor: ask.actor, action: 'user.exported', target: { type: 'user', id: user.userId }, projectId: realmId });
    expect(await app.call(profiles.findHome, { userId: user.userId })).toEqual({ realmId });
    const page = { realmId, userId: user.userId, after: '[5,null]' };
    expect((await app.call(exportSources.profiles, page)).records).toEqual([]);
    await app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ userId: user.userId }], requestedBy: 'spec' });
    for (const [message, request] of [[exportSources.profiles, page], [profiles.recordExport, ask], [profiles.findHome, { userId: user.userId }], [profiles.findHome, { userId: staffRealmId }]] as const) {
      expect(await app.failure(message, request as never)).toMatchObject({ code: 'user-not-found' });
    }
  });
});
