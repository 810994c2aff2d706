import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '#libs/platform/database';
import { testDatabase } from '#libs/platform/testing';
import { auditEntities, auditEntriesRepository, auditMigrations, auditTrail, type NewAuditEntry } from './index.js';

const project = '01890000-0000-7000-8000-000000000001';
const context = { requestId: 'r-1', origin: { surface: 'admin', address: '192.0.2.7' } };
const done = (id: string): NewAuditEntry => ({ actor: { type: 'user', id: 'u1' }, action: 'list.changed', target: { type: 'list', id }, projectId: project, before: ['name'], after: ['name', 'an "odd", {name}'] });

describe('the audit trail of a service', () => {
  let database: Database;
  beforeAll(async () => {
    ({ database } = await testDatabase('audited', { entities: auditEntities, migrations: auditMigrations }));
  });

  it('is as its migrations what its entity describes', async () => {
    const { upQueries } = await database.manager.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('keeps what was done in the order of doing, and what nobody asked for without an origin', async () => {
    await database.withTransaction(async (tx) => {
      await auditTrail.append(tx, context, done('one'), done('two'));
      await auditTrail.append(tx, { requestId: 'r-2' }, { actor: { type: 'system', id: 'rollcall' }, action: 'list.removed', target: { type: 'list', id: 'three' }, organisationId: project });
    });
    const written = { entryId: expect.any(String), occurredAt: expect.stringMatching(/Z$/), ...done('one'), organisationId: null, requestId: 'r-1', surface: 'admin', address: '192.0.2.7' };
    expect(await auditEntriesRepository.pending(database, 10)).toEqual([
      written,
      { ...written, target: { type: 'list', id: 'two' } },
      { ...written, actor: { type: 'system', id: 'rollcall' }, action: 'list.removed', target: { type: 'list', id: 'three' }, organisationId: project, projectId: null, before: [], after: [], requestId: 'r-2', surface: null, address: null },
    ]);
    expect(await auditEntriesRepository.pending(database, 1)).toHaveLength(1);
  });

  it('keeps what several requests did in one transaction each with its own request', async () => {
    const other = { requestId: 'r-9', origin: { surface: 'project', address: '192.0.2.9' } };
    await database.withTransaction((tx) => auditTrail.appendEach(tx, [{ context, entry: done('four') }, { context: other, entry: done('five') }]));
    const written = (await auditEntriesRepository.pending(database, 100)).slice(-2);
    expect(written.map(({ target, requestId, surface, address }) => [target.id, requestId, surface, address])).toEqual([['four', 'r-1', 'admin', '192.0.2.7'], ['five', 'r-9', 'project', '192.0.2.9']]);
  });

  it('holds nothing of a transaction that did not commit', async () => {
    const failed = database.withTransaction(async (tx) => {
      await auditTrail.append(tx, context, done('never'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect((await auditEntriesRepository.pending(database, 100)).map(({ target }) => target.id)).not.toContain('never');
  });

  it('gives what is pending again and again until it is settled', async () => {
    const [first, ...others] = await auditEntriesRepository.pending(database, 100);
    await auditEntriesRepository.settle(database, [first!.entryId]);
    await auditEntriesRepository.settle(database, [first!.entryId]);
    expect(await auditEntriesRepository.pending(database, 100)).toEqual(others);
  });
});
