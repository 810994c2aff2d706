import { describe, expect, it } from '@jest/globals';
import { declaredStatements } from '#libs/platform/database';
import { rowsLookedAt } from '#libs/platform/testing';
import { MembershipApp } from '../spec-support/membership-app.js';

describe('roles of an organisation with thousands of members', () => {
  it('end with one look at each of them', async () => {
    const app = await MembershipApp.start();
    const organisationId = await app.organisation();
    await app.database.withTransaction(async (tx) => {
      await tx.execute('SET LOCAL session_replication_role = replica'); // no triggers: nobody looks at what they would write
      await tx.execute('CREATE TEMPORARY TABLE person ON COMMIT DROP AS SELECT gen_random_uuid() AS user_id FROM generate_series(1, 2000)');
      await tx.execute('INSERT INTO members (user_id) SELECT user_id FROM person');
      await tx.execute(`INSERT INTO organisation_members (organisation_id, user_id, role, status, created_by, modified_by) SELECT $1, user_id, 'member', 'active', 'spec', 'spec' FROM person`, [organisationId]);
    });
    const { text } = declaredStatements().find(({ name }) => name === 'organisation_members.end-all')!;
    const looked = await rowsLookedAt(app.database, text, [organisationId]);
    expect(Math.max(looked.custom, looked.generic)).toBeLessThan(30_000); // each in a few places; as many times as there are members would be four million
    await app.database.execute('ANALYZE');
    const known = await rowsLookedAt(app.database, text, [organisationId]);
    expect(Math.max(known.custom, known.generic)).toBeLessThan(30_000);
  });
});
