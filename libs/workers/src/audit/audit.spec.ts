import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { operations, type AuditEntry } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { WorkersApp } from '../spec-support/workers-app.js';

let app: WorkersApp;
beforeAll(async () => {
  app = await WorkersApp.start();
});
beforeEach(() => {
  for (const flags of [app.services.away, app.services.mute]) flags.clear();
});

const entry = (overrides: Partial<AuditEntry> = {}): AuditEntry => ({
  entryId: uuidv7(),
  occurredAt: new Date().toISOString(),
  actor: { type: 'user', id: uuidv7() },
  action: 'list.created',
  target: { type: 'list', id: uuidv7() },
  organisationId: null,
  projectId: null,
  before: [],
  after: ['name'],
  requestId: 'spec',
  surface: 'admin',
  address: '192.0.2.1',
  ...overrides,
});

type Filter = Parameters<typeof list>[0];
const list = (filter: { organisationId?: string; projectId?: string; actorId?: string; action?: string; targetId?: string; from?: string; to?: string }, limit = 100, cursor?: string, order: 'newest-first' | 'oldest-first' = 'newest-first') =>
  app.call(operations.listAudit, { filter, order, limit, cursor });
const entriesOf = async (filter: Filter) => (await list(filter)).entries;

describe('the collection of the audit trail', () => {
  it('shows at once what services have committed, whole, and takes it from them', async () => {
    const organisationId = uuidv7();
    const written = { profiles: entry({ organisationId }), identity: entry({ organisationId, before: ['name', 'roles'], after: [] }), membership: entry({ organisationId, surface: null, address: null }) };
    for (const [service, one] of Object.entries(written)) app.services.entries[service as keyof typeof written].push(one);
    const found = await entriesOf({ organisationId });
    expect(found).toHaveLength(3);
    expect(found).toEqual(expect.arrayContaining(Object.values(written)));
    expect(Object.values(app.services.entries).flat()).toEqual([]);
  });

  it('is brought in by a schedule when nobody asks', async () => {
    const one = entry();
    app.services.entries.profiles.push(one);
    await eventually(async () => expect(await app.query('SELECT FROM audit_log WHERE entry_id = $1', [one.entryId])).toHaveLength(1), 20_000);
  });

  it('holds an entry once, however often it is handed over and by however many at a time', async () => {
    const organisationId = uuidv7();
    app.services.entries.identity.push(...Array.from({ length: 20 }, () => entry({ organisationId })));
    app.services.mute.add('identity'); // every settling is lost
    await Promise.all(Array.from({ length: 10 }, () => list({ organisationId })));
    expect(app.services.entries.identity).toHaveLength(20);
    app.services.mute.clear();
    const found = await entriesOf({ organisationId });
    expect(found).toHaveLength(20);
    expect(app.services.entries.identity).toEqual([]);
    expect(await app.query('SELECT FROM audit_log WHERE organisation_id = $1', [organisationId])).toHaveLength(20);
  });

  it('takes more than one batch of a service in its order', async () => {
    const organisationId = uuidv7();
    const all = Array.from({ length: 1_100 }, () => entry({ organisationId }));
    app.services.entries.profiles.push(...all);
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof list>> = await list({ organisationId }, 400, cursor ?? undefined, 'oldest-first');
      ids.push(...page.entries.map(({ entryId }) => entryId));
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(all.map(({ entryId }) => entryId));
  });

  it('finds the organisation of what happened in a project', async () => {
    const [organisationId, projectId] = [uuidv7(), uuidv7()];
    app.mailOwners.projectNames.set(projectId, 'Shop');
    app.mailOwners.organisations.set(projectId, organisationId);
    app.services.entries.profiles.push(entry({ projectId }), entry({ projectId: uuidv7() }));
    const [found, ...others] = await entriesOf({ organisationId });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ organisationId, projectId });
    expect(await entriesOf({ projectId })).toEqual([found]);
  });

  it('answers without a service that is away, and catches up when it is back', async () => {
    const organisationId = uuidv7();
    const [early, late] = [entry({ organisationId }), entry({ organisationId })];
    app.services.entries.profiles.push(early);
    app.services.entries.identity.push(late);
    app.services.away.add('identity');
    expect(await entriesOf({ organisationId })).toEqual([early]);
    app.services.away.clear();
    expect(await entriesOf({ organisationId })).toEqual([late, early]);
  });
});

describe('asking the audit trail', () => {
  const organisationId = uuidv7();
  const actor = { type: 'user', id: uuidv7() } as const;
  const target = { type: 'user', id: uuidv7() };
  const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
  const all = [
    entry({ organisationId, actor, action: 'api-key.created', occurredAt: at(0) }),
    entry({ organisationId, actor, action: 'api-key.revoked', occurredAt: at(1) }),
    entry({ organisationId, target, action: 'api-keyring.created', occurredAt: at(2) }),
    entry({ organisationId, target, action: 'role.granted', occurredAt: at(3) }),
  ];
  beforeAll(() => void app.services.entries.membership.push(...all));

  it.each<[string, Filter, number[]]>([
    ['no filter: newest first', {}, [3, 2, 1, 0]],
    ['the actor', { actorId: actor.id }, [1, 0]],
    ['the target', { targetId: target.id }, [3, 2]],
    ['the action', { action: 'role.granted' }, [3]],
    ['every action of a thing, and of no longer name', { action: 'api-key.*' }, [1, 0]],
    ['a time, its end left out', { from: at(1), to: at(3) }, [2, 1]],
    ['all of these', { actorId: actor.id, action: 'api-key.*', from: at(1) }, [1]],
    ['what nobody did', { action: 'api-key.%' }, []],
  ])('by %s', async (_, filter, places) => {
    expect(await entriesOf({ organisationId, ...filter })).toEqual(places.map((place) => all[place]));
  });

  it('goes on behind a page whatever was added meanwhile, and refuses a cursor of another question', async () => {
    const first = await list({ organisationId }, 2);
    expect(first.entries).toEqual([all[3], all[2]]);
    app.services.entries.membership.push(entry({ organisationId, occurredAt: at(4) }));
    await entriesOf({});
    const second = await list({ organisationId }, 2, first.nextCursor!);
    expect(second.entries).toEqual([all[1], all[0]]);
    expect(second.nextCursor).toBeNull();
    const refused = [list({}, 2, first.nextCursor!), list({ organisationId }, 2, first.nextCursor!, 'oldest-first'), list({ organisationId }, 2, `${first.nextCursor!.slice(0, -1)}x`), list({ organisationId }, 2, 'abc')];
    for (const answer of refused) await expect(answer).rejects.toMatchObject({ value: { code: 'invalid-cursor', kind: 'invalid' } });
  });
});

describe('erasure and the audit trail', () => {
  const trail = async (projectId: string) => (await list({ projectId }, 100, undefined, 'oldest-first')).entries;

  it('leaves a keyed hash of an erased user, the same everywhere, and no address of theirs', async () => {
    const [projectId, erasureId] = [uuidv7(), uuidv7()];
    const { userIds: [userId], addresses } = app.users();
    const other = { type: 'user' as const, id: uuidv7() };
    const written = [
      entry({ projectId, actor: { type: 'user', id: userId! } }),
      entry({ projectId, actor: other, target: { type: 'user', id: userId! } }),
      entry({ projectId, actor: other, target: { type: 'list', id: userId! } }),
    ];
    app.services.entries.profiles.push(written[0]!);
    await trail(projectId);
    app.services.entries.identity.push(written[1]!, written[2]!); // still with their service when the erasure begins
    await app.request(projectId, erasureId, addresses);
    const receipt = await app.done(projectId, erasureId);
    expect(receipt.services['operations']).toMatchObject({ remains: { audit_log: 0 } });

    const found = await trail(projectId);
    const hash = found[0]!.actor.id;
    expect(hash).toMatch(/^erased:[\w-]{43}$/);
    expect(found).toEqual([
      { ...written[0], actor: { type: 'user', id: hash }, address: null },
      { ...written[1], target: { type: 'user', id: hash } },
      written[2],
    ]);
    expect((await list({ actorId: hash })).entries).toEqual([found[0]]);
    expect((await list({ actorId: userId! })).entries).toEqual([]);
  });

  it('takes in what is written after the erasure as a hash, too', async () => {
    const [projectId, erasureId] = [uuidv7(), uuidv7()];
    const { userIds: [userId], addresses } = app.users();
    await app.request(projectId, erasureId, addresses);
    await app.done(projectId, erasureId);
    app.services.entries.membership.push(entry({ projectId, target: { type: 'user', id: userId! } }));
    expect((await trail(projectId))[0]!.target.id).toMatch(/^erased:/);
  });

  it('waits for a service whose entries can’t be had', async () => {
    const [projectId, erasureId] = [uuidv7(), uuidv7()];
    const { addresses } = app.users();
    app.services.away.add('identity.audit');
    await app.request(projectId, erasureId, addresses);
    await eventually(async () => expect(await app.query('SELECT FROM erasures WHERE erasure_id = $1 AND attempts > 1', [erasureId])).toHaveLength(1));
    expect(await app.stateOf(projectId, erasureId)).toBe('running');
    app.services.away.clear();
    await app.done(projectId, erasureId, 20_000);
  });
});

describe('the retention of the audit trail', () => {
  it('ends after 400 days', async () => {
    const organisationId = uuidv7();
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const [old, young] = [entry({ organisationId, occurredAt: daysAgo(401) }), entry({ organisationId, occurredAt: daysAgo(399) })];
    app.services.entries.profiles.push(old, young);
    expect(await entriesOf({ organisationId })).toHaveLength(2);
    // A collection that had read what waited before it was settled may bring it once more.
    await eventually(async () => {
      await app.trimAudit();
      expect(await entriesOf({ organisationId })).toEqual([young]);
    });
  });
});
