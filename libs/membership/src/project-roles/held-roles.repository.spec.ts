import { beforeAll, describe, expect, it } from '@jest/globals';
import { indexScans, plansOf } from '#libs/platform/testing';
import { MembershipApp } from '../spec-support/membership-app.js';
import { HeldRolesRepository } from './held-roles.repository.js';

describe('the staff of a small project beside one that has thousands', () => {
  let app: MembershipApp;
  let small: string;
  let crowded: string;
  const guests = 5_000;
  beforeAll(async () => {
    app = await MembershipApp.start();
    const organisationId = await app.organisation();
    crowded = await app.project(organisationId);
    small = await app.project(organisationId);
    await app.database.withTransaction(async (tx) => {
      await tx.execute('SET LOCAL session_replication_role = replica'); // no triggers
      await tx.execute(`INSERT INTO project_members (project_id, user_id, role, at_home, created_by) SELECT $1, gen_random_uuid(), 'viewer', n > $2::int, 'spec' FROM generate_series(1, 3 * $2::int) n`, [crowded, guests]);
      await tx.execute(`INSERT INTO members (user_id) SELECT user_id FROM project_members WHERE NOT at_home`);
    });
    await app.database.query('VACUUM ANALYZE project_members');
  });

  it('are read without the thousands, and without the customers', async () => {
    const [plan] = await plansOf(app.database, async (on) => expect(await new HeldRolesRepository().staff(on, small)).toEqual([]));
    expect(indexScans(plan!)).toContain('project_members_staff_user_idx');
    expect(plan!['Shared Hit Blocks'] + plan!['Shared Read Blocks']).toBeLessThan(20);
    expect(await new HeldRolesRepository().staff(app.database, crowded)).toHaveLength(guests);
  });
});
