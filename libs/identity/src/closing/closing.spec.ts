import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditSources, identity, systemActor } from '#libs/contracts';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { ClearPlaces } from './clear-places.js';
import { staysOfPlaces, tablesOfPlaces } from './tables-of-places.js';

const password = 'correct horse battery';
let app: IdentityApp;
beforeAll(async () => {
  app = await IdentityApp.start();
});

const clear = () => app.app.get(ClearPlaces, { strict: false }).execute();
const close = (place: identity.ClosedPlace) => app.call(identity.closePlace, place);
const rowsOf = async (placeId: string) => {
  const left: string[] = [];
  for (const { table, count } of [...tablesOfPlaces.project, ...tablesOfPlaces.organisation]) {
    const [row] = await app.database.query<{ remains: number }>(count, [placeId]);
    if (row!.remains > 0) left.push(table);
  }
  return left;
};
const cleared = async (placeId: string) => (await app.database.query<{ cleared: boolean }>('SELECT cleared_at IS NOT NULL AS cleared FROM closed_places WHERE place_id = $1', [placeId]))[0]?.cleared;
const settle = (placeId: string) => app.database.execute(`UPDATE closed_places SET closed_at = now() - interval '2 minutes' WHERE place_id = $1`, [placeId]);

async function key(projectId: string | null, organisationId: string | null): Promise<string> {
  const created = await app.call(identity.createCredential, { kind: 'api-key', name: 'n', projectId, organisationId, roles: ['viewer'], actor: systemActor });
  return created.key!;
}

describe('a project that was deleted', () => {
  it('lets nobody in by a key or a session from then on, and tells of each key', async () => {
    const realmId = app.realmId;
    const organisationId = randomUUID();
    const kept = await key(randomUUID(), null);
    const ended = await key(realmId, null);
    await app.user('ended@example.com', password);
    const session = await app.logIn('ended@example.com', password);
    const place = { level: 'project', placeId: realmId, organisationId } as const;
    await close(place);
    await close(place);
    expect(await failureOf(app.call(identity.authenticateCredential, { key: ended, secret: null }))).toMatchObject({ code: 'credential-unknown' });
    expect((await app.call(identity.authenticateCredential, { key: kept, secret: null })).full).toBe(true);
    const { entries } = await app.call(auditSources.identity.pending, { limit: 1_000 });
    expect(entries.filter(({ action, organisationId: where }) => action === 'api-key.revoked' && where === organisationId)).toHaveLength(1);

    // Users who have profiles are the erasure's; their sessions end at once.
    app.profiles.inhabited.add(realmId);
    await clear();
    expect(await app.sessionIsActive(session)).toBe(false);
    expect(await rowsOf(realmId)).toEqual(expect.arrayContaining(['logins', 'sessions']));
    app.profiles.inhabited.delete(realmId);
    await settle(realmId);
    await clear();
    expect(await rowsOf(realmId)).toEqual([]);
    expect(await cleared(realmId)).toBe(true);
    expect((await app.call(auditSources.identity.pending, { limit: 1_000 })).entries.at(-1)).toMatchObject({ actor: systemActor, action: 'project.logins-cleared', target: { type: 'project', id: realmId }, organisationId });
  });

  it('is looked at until nothing is left of it, also what was on its way when it was deleted', async () => {
    const placeId = randomUUID();
    await close({ level: 'project', placeId, organisationId: randomUUID() });
    await clear();
    expect(await cleared(placeId)).toBe(false);
    // Cut short after its first batches, as by a process that died: the next look begins where that ended.
    for (let n = 0; n < 3; n += 1) await app.database.execute(`INSERT INTO logins (realm_id, user_id, status, user_name, user_name_canonical) VALUES ($1, $2, 'active', $3, $3)`, [placeId, randomUUID(), `late${n}`]);
    await app.database.execute(`INSERT INTO outgoing_mails (realm_id, mail_id, template, email, expires_at) VALUES ($1, $2, 'reset-password', 'late@example.com', now())`, [placeId, randomUUID()]);
    await settle(placeId);
    await Promise.all([clear(), clear()]);
    expect(await rowsOf(placeId)).toEqual([]);
    await clear();
    expect(await cleared(placeId)).toBe(true);
  });
});

describe('an organisation that was deleted', () => {
  it('has no keys, no provider and no links to it any more; another one has', async () => {
    const [placeId, other] = [randomUUID(), randomUUID()];
    const [ended, kept] = [await key(null, placeId), await key(null, other)];
    for (const organisationId of [placeId, other]) await app.database.execute(`INSERT INTO sso_links (realm_id, organisation_id, subject_hash, user_id) VALUES ($1, $2, '\\x01', $3)`, [app.realmId, organisationId, randomUUID()]);
    await close({ level: 'organisation', placeId, organisationId: placeId });
    expect(await failureOf(app.call(identity.authenticateCredential, { key: ended, secret: null }))).toMatchObject({ code: 'credential-unknown' });
    await settle(placeId);
    await clear();
    expect([await rowsOf(placeId), await cleared(placeId)]).toEqual([[], true]);
    expect((await app.call(identity.authenticateCredential, { key: kept, secret: null })).full).toBe(true);
    expect(await rowsOf(other)).toEqual(expect.arrayContaining(['credentials', 'sso_links']));
  });
});

describe('the list of what goes with them', () => {
  it('has every table that has a column for a realm, a project or an organisation, or says why its rows stay', async () => {
    const tables = await app.database.query<{ name: string }>(`SELECT DISTINCT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name IN ('realm_id', 'project_id', 'organisation_id')`);
    const named = new Set([...tablesOfPlaces.project, ...tablesOfPlaces.organisation].map(({ table }) => table).concat(Object.keys(staysOfPlaces)));
    expect(tables.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });
});
