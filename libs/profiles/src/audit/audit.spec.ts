import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, profiles, staffRealmId } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

const actor = { type: 'user' as const, id: uuidv7() };
let app: ProfilesUnderTest;
let realmId: string;
beforeAll(async () => {
  app = await profilesUnderTest();
  realmId = uuidv7();
});

async function written() {
  const { entries } = await app.call(auditSources.profiles.pending, { limit: 100 });
  if (entries.length > 0) await app.call(auditSources.profiles.settle, { entryIds: entries.map(({ entryId }) => entryId) });
  return entries;
}

/** Who, to what and where are checked for all of them; what is left is `action before > after`. */
async function told(target: { type: string; id: string }) {
  return (await written()).map((entry) => {
    expect(entry).toMatchObject({ actor, target, projectId: realmId, organisationId: null });
    return `${entry.action}: ${entry.before.join(' ')} > ${entry.after.join(' ')}`;
  });
}

describe('what profiles tells the audit trail', () => {
  it('is what became of a list, and nothing of a change that changes nothing', async () => {
    const listId = uuidv7();
    const list = { realmId, listId, actor };
    for (let times = 0; times < 2; times += 1) await app.call(profiles.createList, { ...list, name: 'News' });
    for (let times = 0; times < 2; times += 1) await app.call(profiles.renameList, { ...list, name: 'Newsletter' });
    await app.call(profiles.removeList, list);
    expect(await app.failure(profiles.removeList, list)).toMatchObject({ code: 'list-not-found' });
    expect(await told({ type: 'list', id: listId })).toEqual(['list.created:  > name', 'list.changed: name > name', 'list.removed: name > ']);
  });

  it('is what became of a segment', async () => {
    const segmentId = uuidv7();
    const segment = { realmId, segmentId, actor };
    await app.call(profiles.createSegment, { ...segment, name: 'Pro', rule: { 'attributes.plan': 'pro' } });
    await app.call(profiles.updateSegment, { ...segment, name: 'Professional' });
    await app.call(profiles.updateSegment, { ...segment, name: 'Paying', rule: { 'attributes.plan': 'paid' } });
    await app.call(profiles.removeSegment, segment);
    expect(await told({ type: 'segment', id: segmentId })).toEqual(['segment.created:  > name rule', 'segment.changed: name > name', 'segment.changed: name rule > name rule', 'segment.removed: name rule > ']);
  });

  it('is what became of each custom field', async () => {
    const declare = (...fields: { name: string; type: 'text' | 'number'; label?: string }[]) => app.call(profiles.declareFields, { realmId, fields, actor });
    await declare({ name: 'tier', type: 'text' });
    await declare({ name: 'tier', type: 'text' });
    await declare({ name: 'tier', type: 'number', label: 'Tier' });
    await app.call(profiles.removeField, { realmId, name: 'tier', actor });
    expect(await told({ type: 'field', id: 'tier' })).toEqual(['field.declared:  > type label', 'field.changed: type label > type label', 'field.removed: type label > ']);
  });

  it('is whose erasure was asked for by whom, once each, and by no name', async () => {
    const { user: { userId } } = await app.upsert(realmId, 'known-as', { email: 'known@example.com' });
    const request = { realmId, erasureId: uuidv7(), users: [{ uid: 'known-as' }, { uid: 'nobody' }], requestedBy: actor.id, requestedByType: actor.type };
    for (let times = 0; times < 2; times += 1) await app.call(profiles.hideUsers, request);
    const entries = await written();
    expect(entries).toEqual([expect.objectContaining({ actor, action: 'user.erasure-requested', target: { type: 'user', id: userId }, projectId: realmId, before: [], after: [] })]);
    expect(JSON.stringify(entries)).not.toContain('known');
  });

  it('names no project where the user is staff', async () => {
    await app.upsert(staffRealmId, 'boss');
    await app.call(profiles.hideUsers, { realmId: staffRealmId, erasureId: uuidv7(), users: [{ uid: 'boss' }], requestedBy: 'k1' });
    expect(await written()).toEqual([expect.objectContaining({ projectId: null, actor: { type: 'credential', id: 'k1' } })]);
  });
});
