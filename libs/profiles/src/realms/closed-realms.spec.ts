import { Injectable } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, membership, operations, profiles, systemActor } from '#libs/contracts';
import { event, Outbox } from '#libs/platform/events';
import { Handles, RpcClient, type HandlerArguments } from '#libs/platform/rpc';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { ClearRealms } from './clear-realms.js';
import { staysOfRealms, tablesOfRealms } from './closed-realms.repository.js';

/** Stands in for the workers: hides whom it is asked to erase, and erases them when the spec says so. */
@Injectable()
class ErasuresStandIn {
  readonly asked: { realmId: string; userIds: string[]; by: string }[] = [];

  constructor(private readonly rpc: RpcClient) {}

  @Handles(operations.requestErasure)
  async request(...[{ realmId, erasureId, users, requestedBy, requestedByType }, context]: HandlerArguments<typeof operations.requestErasure>) {
    const { userIds } = await this.rpc.call(profiles.hideUsers, { realmId, erasureId, users, requestedBy, requestedByType }, context);
    this.asked.push({ realmId, userIds: userIds.flatMap((userId) => userId ?? []), by: requestedBy });
    return { scheduled: userIds.map((userId) => userId !== null), jobId: erasureId };
  }
}

let app: ProfilesUnderTest;
let erasures: ErasuresStandIn;
beforeAll(async () => {
  app = await profilesUnderTest(undefined, [ErasuresStandIn]);
  erasures = app.provider(ErasuresStandIn);
});

const clear = () => app.provider(ClearRealms).execute();
const left = async (realmId: string) => {
  const found: string[] = [];
  for (const table of [...tablesOfRealms, 'users']) if ((await app.database.query(`SELECT FROM ${table} WHERE realm_id = $1 LIMIT 1`, [realmId])).length > 0) found.push(table);
  return found;
};

/** As membership tells it. */
async function deleteProject(realmId: string, organisationId: string): Promise<void> {
  await app.database.withTransaction((tx) => app.provider(Outbox).append(tx, { requestId: 'spec' }, event(membership.projectDeleted, { projectId: realmId, organisationId })));
  await eventually(async () => expect(await app.database.query('SELECT FROM closed_realms WHERE realm_id = $1', [realmId])).toHaveLength(1));
}

async function inhabited(): Promise<string> {
  const realmId = uuidv7();
  const listId = uuidv7();
  await app.call(profiles.createList, { realmId, listId, name: 'News', actor: systemActor });
  await app.call(profiles.declareFields, { realmId, fields: [{ name: 'plan', label: 'Plan', type: 'text' }], actor: systemActor });
  for (const uid of ['one', 'two']) {
    await app.upsert(realmId, uid, { attributes: { plan: 'pro' }, lists: [listId] });
    await app.track(realmId, uid);
  }
  return realmId;
}

describe('a project that was deleted', () => {
  it('has its users erased as users are, and then whatever it had set up; others keep theirs', async () => {
    const [realmId, other, organisationId] = [await inhabited(), await inhabited(), uuidv7()];
    await deleteProject(realmId, organisationId);
    await Promise.all([clear(), clear()]);
    const asked = erasures.asked.filter((one) => one.realmId === realmId);
    expect(asked.flatMap(({ userIds }) => userIds)).toHaveLength(2);
    expect(asked.every(({ by }) => by === systemActor.id)).toBe(true);
    // Hidden, and not erased yet: what the erasure counts for its receipt stays until it has.
    await clear();
    expect(await left(realmId)).toEqual(expect.arrayContaining(['users', 'user_events', 'lists', 'profile_fields']));
    await app.call(profiles.eraseProfile, { realmId, userIds: asked.flatMap(({ userIds }) => userIds) });
    await clear();
    expect(await left(realmId)).toEqual([]);
    // Nothing is left, but something that began before could still write.
    expect(await app.database.query('SELECT cleared_at FROM closed_realms WHERE realm_id = $1', [realmId])).toEqual([{ cleared_at: null }]);
    await app.upsert(realmId, 'late');
    await app.database.execute(`UPDATE closed_realms SET closed_at = now() - interval '2 minutes' WHERE realm_id = $1`, [realmId]);
    await clear();
    await app.call(profiles.eraseProfile, { realmId, userIds: erasures.asked.at(-1)!.userIds });
    await clear();
    expect(await left(realmId)).toEqual([]);
    expect(await app.database.query('SELECT cleared_at FROM closed_realms WHERE realm_id = $1', [realmId])).toEqual([{ cleared_at: expect.any(String) }]);
    const { entries } = await app.call(auditSources.profiles.pending, { limit: 1_000 });
    expect(entries.at(-1)).toMatchObject({ actor: systemActor, action: 'project.users-cleared', target: { type: 'project', id: realmId }, organisationId });
    expect(await left(other)).toEqual(expect.arrayContaining(['users', 'user_events', 'lists', 'profile_fields']));
  });

  it('takes every table that has a realm with it, or says why its rows stay', async () => {
    const tables = await app.database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND attname = 'realm_id'`,
    );
    expect(tables.map(({ name }) => name).sort()).toEqual([...tablesOfRealms, ...Object.keys(staysOfRealms)].sort());
  });
});
