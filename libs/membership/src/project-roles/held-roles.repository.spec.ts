import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Queryable } from '#libs/platform/database';
import { indexScans, planOf, type Plan } from '#libs/platform/testing';
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
    const plans: Plan[] = [];
    const explained: Queryable = {
      query: async (statement, parameters = []) => {
        plans.push(await planOf(app.database, typeof statement === 'string' ? statement : statement.text, parameters));
        return app.database.query(statement, parameters);
      },
      execute: async () => 0,
    };
    expect(await new HeldRolesRepository().staff(explained, small)).toEqual([]);
    expect(indexScans(plans[0]!)).toContain('project_members_staff_user_idx');
    expect(plans[0]!['Shared Hit Blocks'] + plans[0]!['Shared Read Blocks']).toBeLessThan(20);
    expect(await new HeldRolesRepository().staff(app.database, crowded)).toHaveLength(guests);
  });
});
