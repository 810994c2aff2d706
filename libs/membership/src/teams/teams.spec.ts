import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, systemActor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';

describe('teams', () => {
  let app: MembershipApp;
  beforeAll(async () => {
    app = await MembershipApp.start();
  });

  it('are created once when the request is repeated, with one event', async () => {
    const team = { teamId: uuidv7(), organisationId: await app.organisation(), name: 'Support' };
    expect(await app.call(membership.createTeam, { ...team, actor: systemActor })).toMatchObject(team);
    expect(await app.call(membership.createTeam, { ...team, actor: systemActor })).toMatchObject(team);
    expect(await app.events('membership.team.created')).toEqual([{ teamId: team.teamId, organisationId: team.organisationId }]);
  });

  it('have a name that no other team of the organisation has', async () => {
    const organisationId = await app.organisation();
    const create = async (inOrganisation: string) => app.outcome(membership.createTeam, { teamId: uuidv7(), organisationId: inOrganisation, name: 'Sales', actor: systemActor });
    expect([await create(organisationId), await create(organisationId), await create(await app.organisation())]).toEqual(['ok', 'team-name-taken', 'ok']);
  });

  it('need an organisation', async () => {
    expect(await app.outcome(membership.createTeam, { teamId: uuidv7(), organisationId: uuidv7(), name: 'Nowhere', actor: systemActor })).toBe('organisation-not-found');
  });
});
