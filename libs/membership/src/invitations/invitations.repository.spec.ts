import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { declaredStatements } from '#libs/platform/database';
import { nodesOf, planOf } from '#libs/platform/testing';
import { MembershipApp } from '../spec-support/membership-app.js';

describe('invitations of a person while thousands of others are pending', () => {
  let app: MembershipApp;
  let organisationId: string;
  let userId: string;
  const whoIsNowhere = randomUUID();

  beforeAll(async () => {
    app = await MembershipApp.start();
    organisationId = await app.organisation();
    const invite = (status: string) =>
      app.database.withTransaction(async (tx) => {
        await tx.execute('SET LOCAL session_replication_role = replica'); // no triggers: nobody looks at what they would write
        await tx.execute('CREATE TEMPORARY TABLE person ON COMMIT DROP AS SELECT gen_random_uuid() AS user_id FROM generate_series(1, 3000)');
        await tx.execute('INSERT INTO members (user_id) SELECT user_id FROM person');
        await tx.execute(`INSERT INTO organisation_members (organisation_id, user_id, role, status, created_by, modified_by) SELECT $1, user_id, 'member', 'invited', 'spec', 'spec' FROM person`, [organisationId]);
        await tx.execute(
          `INSERT INTO invitations (place_id, invitation_id, level, organisation_id, user_id, email, role, status, mail_id, token_hash, invited_by_type, invited_by, expires_at, closed_at)
           SELECT $1, gen_random_uuid(), 'organisation', $1, user_id, 'x@example.com', 'member', $2::text, gen_random_uuid(), sha256(user_id::text::bytea), 'user', 'spec', now() + interval '1 hour', CASE WHEN $2::text <> 'pending' THEN now() END FROM person`,
          [organisationId, status],
        );
        return (await tx.query<{ userId: string }>('SELECT user_id AS "userId" FROM person LIMIT 1'))[0]!.userId;
      });
    await invite('accepted');
    // Statistics of a time when nothing was pending.
    await app.database.query('ANALYZE members, organisation_members, invitations');
    userId = await invite('pending');
    await app.database.execute('INSERT INTO members (user_id) VALUES ($1)', [whoIsNowhere]);
  });

  it.each<[name: string, parameters: () => unknown[]]>([
    ['invitations.lock-open-in', () => [organisationId, userId]],
    ['invitations.open-mails', () => [[userId], true, [], [], []]],
    ['invitations.assign', () => [organisationId, userId, 'member']],
    ['members.delete-unattached', () => [[whoIsNowhere], 'spec', organisationId]],
    ['organisation_members.dismiss', () => [organisationId, [userId]]],
    ['invitations.withdraw-of', () => [organisationId, userId]],
  ])('%s looks at none of the others', async (name, parameters) => {
    const statement = declaredStatements().find((one) => one.name === name)!;
    const plan = await app.database.withTransaction((tx) => planOf(tx, statement.text, parameters()));
    const looked = nodesOf(plan).map((node) => [node['Node Type'], node['Index Name'], node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)] as const);
    expect(looked.filter(([, , rows]) => rows > 1)).toEqual([]);
  });
});
