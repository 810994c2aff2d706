import { beforeAll, describe, expect, it } from '@jest/globals';
import { membership } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import { indexScans, nodesOf, plannedAnew, plansOf, type Plan } from '#libs/platform/testing';
import { GivenRolesRepository } from '../members/given-roles.repository.js';
import { InvitationsRepository } from '../invitations/invitations.repository.js';
import { HeldRolesRepository } from '../project-roles/held-roles.repository.js';
import { afterAllIds } from '../paging/newest-first.js';
import { MembershipApp } from '../spec-support/membership-app.js';
import { StaffListsRepository, type StaffPage } from './staff-lists.repository.js';

const people = 3_000;
let app: MembershipApp;
let organisationId: string;
let teamId: string;
let projectId: string;

/** One organisation of many, every second of them in its team, every third in its project, which has as many users of its own; and another as large. */
beforeAll(async () => {
  app = await MembershipApp.start();
  for (const _of of ['another', 'ours']) {
    organisationId = await app.organisation();
    teamId = await app.team(organisationId);
    projectId = await app.project(organisationId, teamId);
    await app.database.withTransaction(async (tx) => {
      await tx.execute('SET LOCAL session_replication_role = replica'); // no triggers: what they write is written below, at once
      await tx.execute('CREATE TEMPORARY TABLE person ON COMMIT DROP AS SELECT n, gen_random_uuid() AS user_id FROM generate_series(1, $1::int) n', [people]);
      await tx.execute('INSERT INTO members (user_id) SELECT user_id FROM person');
      await tx.execute(`INSERT INTO organisation_members (organisation_id, user_id, role, created_by, modified_by) SELECT $1, user_id, 'member', 'spec', 'spec' FROM person`, [organisationId]);
      await tx.execute(`INSERT INTO team_members (organisation_id, team_id, user_id, role, created_by) SELECT $1, $2, user_id, 'team_member', 'spec' FROM person WHERE n % 2 = 0`, [organisationId, teamId]);
      await tx.execute(`INSERT INTO project_members (project_id, user_id, role, at_home, created_by) SELECT $1, CASE WHEN n % 3 = 0 THEN user_id ELSE gen_random_uuid() END, 'viewer', n % 3 <> 0, 'spec' FROM person`, [projectId]);
      await tx.execute(
        `INSERT INTO listings SELECT scope, user_id, 'first' || n * 7919 % 5003, 'user' || n || '@example.com', lower('First' || n * 7919 % 5003 || E'\\nuser' || n || '@example.com')
         FROM person CROSS JOIN LATERAL (VALUES ($1::uuid, true), ($2, n % 2 = 0), ($3, n % 3 = 0)) AS place (scope, in_it) WHERE in_it`,
        [organisationId, teamId, projectId],
      );
      await tx.execute(
        `INSERT INTO invitations (place_id, invitation_id, level, organisation_id, team_id, user_id, email, role, status, mail_id, token_hash, invited_by_type, invited_by, expires_at, closed_at)
         SELECT CASE WHEN n % 2 = 0 THEN $2::uuid ELSE $1::uuid END, gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 'team' ELSE 'organisation' END, $1, CASE WHEN n % 2 = 0 THEN $2::uuid END, user_id, 'x@example.com', 'member',
           CASE WHEN n <= 10 THEN 'pending' ELSE 'accepted' END, gen_random_uuid(), sha256(user_id::text::bytea), 'user', 'spec', now() + n * interval '1 hour', CASE WHEN n > 10 THEN now() END FROM person`,
        [organisationId, teamId],
      );
    });
  }
  for (const table of ['members', 'organisation_members', 'team_members', 'project_members', 'listings', 'invitations']) await app.database.query(`VACUUM ANALYZE ${table}`);
});

/** The most rows that any step of the plan saw. */
const mostRows = (plan: Plan) => Math.max(...nodesOf(plan).map((node) => node['Actual Rows']));
const stepsOf = (plan: Plan) => nodesOf(plan).map((node) => node['Node Type']);

const page = (scopes: readonly string[], query: Partial<StaffPage>) => (on: Queryable) => new StaffListsRepository().page(on, scopes, { sortBy: 'name', descending: false, limit: 51, ...query });
const middle = '7fffffff-ffff-7fff-8fff-ffffffffffff';
const orders = { name: 'listings_name_key_idx', email: 'listings_email_key_idx', created_at: 'listings_pkey' };
const begins = { name: 'first3', email: 'user3', created_at: '' };

describe.each(membership.staffSortKeys)('a page of a long list by %s', (sortBy) => {
  it.each([false, true])('is read from the index of its order, wherever it begins (descending: %s)', async (descending) => {
    for (const after of [undefined, { key: begins[sortBy], userId: middle }]) {
      for (const scopes of [[organisationId], [projectId, teamId]]) {
        const [plan] = await plansOf(app.database, page(scopes, { sortBy, descending, after }));
        expect(new Set(indexScans(plan!))).toEqual(new Set([orders[sortBy]]));
        expect(mostRows(plan!)).toBeLessThanOrEqual(2 * 51);
      }
    }
  });
});

describe('a search of a long list', () => {
  it.each(['example.com', 'e', 'er'])('for %s, which many have, looks at the next in the order of the list', async (search) => {
    const plans = await plansOf(app.database, page([organisationId], { search }));
    expect(plans.map(indexScans)).toEqual([['listings_name_key_idx']]);
    expect(mostRows(plans[0]!)).toBeLessThanOrEqual(1_000);
  });

  it.each([['user2999@', 'listings_search_idx'], ['nobody', 'listings_search_idx'], ['qj', 'listings_short_search_idx'], ['q', 'listings_short_search_idx']])('for %s, which few or none have, then asks %s', async (search, index) => {
    for (const after of [undefined, { key: begins.name, userId: middle }]) {
      const plans = await plansOf(app.database, page([organisationId], { search, after }));
      expect(plans.map(indexScans)).toEqual([['listings_name_key_idx'], [index]]);
      expect(mostRows(plans[1]!)).toBeLessThanOrEqual(20);
    }
  });

  it('finds the same by an index as by looking at everybody', async () => {
    for (const search of ['99', '9', 't49', 'user123', 'q', '4@']) {
      const all = await app.database.query<{ userId: string }>('SELECT user_id AS "userId" FROM listings WHERE scope_id = $1 AND position($2 IN names) > 0 ORDER BY email_key DESC, user_id DESC', [organisationId, search]);
      const found: string[] = [];
      for (let after: StaffPage['after']; ; ) {
        const some = await page([organisationId], { search, sortBy: 'email', descending: true, after, limit: 200 })(app.database);
        found.push(...some.map(({ userId }) => userId));
        after = some.at(-1);
        if (some.length < 200) break;
      }
      expect(found).toEqual(all.map(({ userId }) => userId));
    }
  });
});

describe('the members of a place', () => {
  it.each(['organisation', 'team', 'project'] as const)('of a large %s are read in their order, however many users it has at home, and are not planned each time', async (level) => {
    const placeId = { organisation: organisationId, team: teamId, project: projectId }[level];
    for (const before of [afterAllIds, middle]) {
      const [plan] = await plansOf(app.database, (on) => new GivenRolesRepository().page(on, level, placeId, before, 51));
      expect(indexScans(plan!)).toContain('listings_pkey');
      expect(stepsOf(plan!)).not.toContain('Seq Scan');
      expect(mostRows(plan!)).toBeLessThanOrEqual(51);
      expect(await plannedAnew(app.database, (on) => new GivenRolesRepository().page(on, level, placeId, before, 51))).toEqual([]);
    }
  });
});

describe('the invitations of a place', () => {
  it.each(['deployment', 'organisation', 'team'] as const)('of one status, at the level %s, are read from an index, however many others there are', async (level) => {
    const placeId = { deployment: null, organisation: organisationId, team: teamId }[level];
    for (const status of [undefined, ...membership.invitationStatus.options]) {
      const [plan] = await plansOf(app.database, (on) => new InvitationsRepository().list(on, level, placeId, status, afterAllIds, 51));
      expect(stepsOf(plan!)).not.toContain('Seq Scan');
      expect(mostRows(plan!)).toBeLessThanOrEqual(51);
    }
  });
});

describe('the staff of a project', () => {
  it('are looked up by themselves, however many belong to its organisation and to others', async () => {
    const small = await app.project(organisationId);
    const [plan] = await plansOf(app.database, (on) => new HeldRolesRepository().staff(on, small));
    expect(mostRows(plan!)).toBeLessThanOrEqual(5);
    // One of the tables alone, read from one end to the other, has more.
    expect(plan!['Shared Hit Blocks'] + plan!['Shared Read Blocks']).toBeLessThan(20);
  });
});
