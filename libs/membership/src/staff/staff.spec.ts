import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, profiles, staffRealmId } from '#libs/contracts';
import { event, Outbox } from '#libs/platform/events';
import type { RequestInput } from '#libs/platform/messages';
import { eventually } from '#libs/platform/testing';
import { MembershipApp } from '../spec-support/membership-app.js';

let app: MembershipApp;
beforeAll(async () => {
  app = await MembershipApp.start();
});

type Query = Partial<Omit<RequestInput<typeof membership.listStaff>, 'place'>>;
const everything: membership.Viewer = { kind: 'key', organisationId: null, projectId: null, roles: ['super_admin'] };
const org = (organisationId: string) => ({ level: 'organisation', organisationId }) as const;
const list = (place: membership.MemberPlace, query: Query = {}) => app.call(membership.listStaff, { place, limit: 100, sortBy: 'name', descending: false, viewer: everything, ...query });

/** The names of all, page by page; `between` happens after the first. */
async function walk(place: membership.MemberPlace, query: Query, between: () => Promise<unknown> = async () => undefined): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const { users, nextCursor } = await list(place, { limit: 3, ...query, after });
    found.push(...users.map(({ userId }) => app.profiles.people.get(userId)?.displayName ?? ''));
    if (nextCursor === null) return found;
    if (after === undefined) await between();
    after = nextCursor;
  }
}

async function rename(userId: string, displayName: string): Promise<void> {
  const present = app.profiles.people.get(userId)!;
  app.profiles.people.set(userId, { ...present, displayName, version: present.version + 1 });
  await app.call(membership.refreshDirectory, { userIds: [userId] });
}

describe('the list of an organisation', () => {
  it('is sorted by name, email or creation, both ways, without regard to case and accents, and comes in pages', async () => {
    const organisationId = await app.organisation();
    const emails: Record<string, string> = { Zoe: 'a@x.example', ärger: 'c@x.example', Bert: 'b@x.example', Öz: 'e@x.example', anna: 'D@x.example', Mia: 'f@x.example', Ida: 'g@x.example' };
    for (const [name, email] of Object.entries(emails)) await app.person(organisationId, name, email);
    const byName = ['anna', 'ärger', 'Bert', 'Ida', 'Mia', 'Öz', 'Zoe'];
    expect(await walk(org(organisationId), { sortBy: 'name' })).toEqual(byName);
    expect(await walk(org(organisationId), { sortBy: 'name', descending: true })).toEqual([...byName].reverse());
    expect(await walk(org(organisationId), { sortBy: 'email' })).toEqual(['Zoe', 'Bert', 'ärger', 'anna', 'Öz', 'Mia', 'Ida']);
    expect(await walk(org(organisationId), { sortBy: 'created_at' })).toEqual(Object.keys(emails));
    expect(await walk(org(organisationId), { sortBy: 'created_at', descending: true })).toEqual(Object.keys(emails).reverse());
  });

  it('misses and repeats nobody who stays as they are while others come, go and are renamed', async () => {
    for (const descending of [false, true]) {
      const organisationId = await app.organisation();
      const names = Array.from({ length: 12 }, (_, n) => `Person ${String(n).padStart(2, '0')}`);
      const people: string[] = [];
      for (const name of names) people.push(await app.person(organisationId, name));
      const touched = [1, 4, 8, 10];
      const walked = await walk(org(organisationId), { descending }, async () => {
        await app.person(organisationId, 'Person 04 and a half');
        await app.call(membership.hideMembers, { realmId: staffRealmId, userIds: [people[1]!] });
        await rename(people[4]!, 'A first');
        await rename(people[8]!, 'Z last');
        await app.database.execute('DELETE FROM organisation_members WHERE user_id = $1', [people[10]]);
      });
      const untouched = names.filter((_, n) => !touched.includes(n));
      expect(walked.filter((name) => untouched.includes(name))).toEqual(descending ? [...untouched].reverse() : untouched);
    }
  });

  it('misses and repeats nobody of those who are called the same, or have no name yet, over the edges of pages', async () => {
    const organisationId = await app.organisation();
    const people: string[] = [];
    for (const name of [...Array.from({ length: 7 }, () => 'Ada'), ...Array.from({ length: 7 }, () => null)]) people.push(await app.person(organisationId, name, name === null ? null : 'ada@example.com'));
    for (const query of [{ sortBy: 'name' }, { sortBy: 'name', descending: true }, { sortBy: 'email' }, { sortBy: 'name', search: 'ad' }] as const) {
      const found: string[] = [];
      for (let after: string | undefined; ; ) {
        const { users, nextCursor } = await list(org(organisationId), { limit: 3, ...query, after });
        found.push(...users.map(({ userId }) => userId));
        if (nextCursor === null) break;
        after = nextCursor;
      }
      expect(found.sort()).toEqual(('search' in query ? people.slice(0, 7) : people).sort());
    }
  });

  it('refuses the cursor of another list, sort or search, and one that was changed', async () => {
    const organisationId = await app.organisation();
    for (const name of ['A', 'B', 'C']) await app.person(organisationId, name, 'same@x.example');
    const { nextCursor } = await list(org(organisationId), { limit: 1 });
    const after = nextCursor!;
    const outcome = (place: membership.MemberPlace, query: Query) => app.outcome(membership.listStaff, { place, limit: 1, sortBy: 'name', descending: false, viewer: everything, after, ...query });
    expect(await outcome(org(organisationId), {})).toBe('ok');
    const changed = `${after.slice(0, 20)}${after[20] === 'A' ? 'B' : 'A'}${after.slice(21)}`;
    for (const [place, query] of [[org(await app.organisation()), {}], [org(organisationId), { sortBy: 'email' }], [org(organisationId), { descending: true }], [org(organisationId), { search: 'a' }], [org(organisationId), { after: changed }], [org(organisationId), { after: 'nonsense' }]] as const) {
      expect(await outcome(place, query)).toBe('invalid-cursor');
    }
    expect(after).not.toContain('same');
  });

  it('finds people by any part of name or email, in any case, and only its own', async () => {
    const organisationId = await app.organisation();
    await app.person(organisationId, 'Ada Lovelace', 'Countess@Example.com');
    await app.person(organisationId, 'Öz Ünal', '100%_sure@example.com');
    await app.person(await app.organisation(), 'Ada Elsewhere', 'ada@example.com');
    for (const search of ['ADA', 'a lov', 'countess@', 'l']) expect((await walk(org(organisationId), { search })).includes('Ada Lovelace')).toBe(true);
    for (const search of ['öZ ü', '%_s', 'ün']) expect(await walk(org(organisationId), { search })).toEqual(['Öz Ünal']);
    for (const search of ['a%e', 'nobody', 'elsewhere', '\\']) expect(await walk(org(organisationId), { search })).toEqual([]);
    expect(await walk(org(organisationId), { search: 'example.com', descending: true })).toEqual(['Öz Ünal', 'Ada Lovelace']);
  });
});

describe('a name that is changed elsewhere', () => {
  it('reaches the lists by the event, and an older event changes nothing', async () => {
    const organisationId = await app.organisation();
    const userId = await app.person(organisationId, 'Before');
    const tell = (version: number) => app.database.withTransaction((tx) => app.provider(Outbox).append(tx, { requestId: 'spec' }, event(profiles.userChanged, { realmId: staffRealmId, userId, version, created: false, facts: ['displayName'] })));
    app.profiles.people.set(userId, { version: 3, displayName: 'After', email: null });
    await tell(1);
    await tell(3);
    await eventually(async () => expect(await walk(org(organisationId), { search: 'after' })).toEqual(['After']));
    expect((await list(org(organisationId), { search: 'before' })).users).toEqual([]);
  });
});

describe('the list of a project', () => {
  it('has those with a role in it and the members of its team, each once', async () => {
    const organisationId = await app.organisation();
    const teamId = await app.team(organisationId);
    const projectId = await app.project(organisationId, teamId);
    const people = [await app.person(organisationId, 'Both'), await app.person(organisationId, 'Direct'), await app.person(organisationId, 'Team'), await app.person(organisationId, 'Neither')];
    for (const n of [0, 2]) await app.grant(people[n]!, { level: 'team', teamId }, 'team_member');
    for (const n of [0, 1]) await app.grant(people[n]!, { level: 'project', projectId }, 'viewer');
    expect(await walk({ level: 'project', projectId }, { limit: 1 })).toEqual(['Both', 'Direct', 'Team']);
    expect(await walk({ level: 'project', projectId }, { search: 'ect' })).toEqual(['Direct']);
    expect(await walk({ level: 'team', teamId }, {})).toEqual(['Both', 'Team']);
  });
});

describe('somebody', () => {
  it('is seen by those they share a place with, as far as they share it', async () => {
    const [organisationId, elsewhere] = [await app.organisation(), await app.organisation()];
    const [teamId, otherTeam] = [await app.team(organisationId), await app.team(organisationId)];
    const userId = await app.person(organisationId, 'Shared');
    await app.grant(userId, org(elsewhere), 'org_admin');
    for (const one of [teamId, otherTeam]) await app.grant(userId, { level: 'team', teamId: one }, 'team_member');
    const [colleague, teammate, stranger] = [await app.person(organisationId, 'Colleague'), uuidv7(), await app.person(await app.organisation(), 'Stranger')];
    await app.grant(teammate, { level: 'team', teamId }, 'team_member');
    const seen = async (viewer: membership.Viewer) => (await app.call(membership.getStaffMember, { userId, viewer })).roles.map((role) => role.teamId ?? role.organisationId);
    expect((await seen({ kind: 'user', userId: colleague })).sort()).toEqual([organisationId, teamId, otherTeam].sort());
    expect(await seen({ kind: 'user', userId: teammate })).toEqual([teamId]);
    expect((await seen({ kind: 'user', userId })).sort()).toEqual([organisationId, elsewhere, teamId, otherTeam].sort());
    for (const viewer of [stranger, uuidv7()]) expect(await app.outcome(membership.getStaffMember, { userId, viewer: { kind: 'user', userId: viewer } })).toBe('user-not-found');
    expect(await app.outcome(membership.getStaffMember, { userId: uuidv7(), viewer: everything })).toBe('user-not-found');
    await app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [colleague]);
    expect(await app.outcome(membership.getStaffMember, { userId, viewer: { kind: 'user', userId: colleague } })).toBe('user-not-found');
  });
});
