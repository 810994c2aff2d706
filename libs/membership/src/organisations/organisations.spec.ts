import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, systemActor } from '#libs/contracts';
import { MembershipApp, slug } from '../spec-support/membership-app.js';

describe('organisations', () => {
  let app: MembershipApp;
  beforeAll(async () => {
    app = await MembershipApp.start();
  });

  const organisation = (changes = {}) => ({ organisationId: uuidv7(), name: 'Acme', slug: slug(), actor: systemActor, ...changes });

  it('are found by their slug once they are created', async () => {
    const acme = organisation();
    await app.call(membership.createOrganisation, acme);
    expect(await app.call(membership.findOrganisation, { slug: acme.slug })).toMatchObject({ organisationId: acme.organisationId, name: 'Acme', slug: acme.slug });
  });

  it('are created once when the request is repeated, with one event', async () => {
    const acme = organisation();
    const answers = [await app.call(membership.createOrganisation, acme), await app.call(membership.createOrganisation, acme)];
    expect(answers[1]).toEqual(answers[0]);
    expect((await app.events('membership.organisation.created')).filter(({ organisationId }) => organisationId === acme.organisationId)).toHaveLength(1);
  });

  it('answer what is there when a retry comes after a change', async () => {
    const acme = organisation();
    await app.call(membership.createOrganisation, acme);
    expect(await app.call(membership.createOrganisation, { ...acme, slug: slug() })).toMatchObject({ organisationId: acme.organisationId, name: 'Acme', slug: acme.slug });
  });

  it('have a slug that no other one has, also when both are created at once', async () => {
    const taken = slug();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => app.outcome(membership.createOrganisation, organisation({ slug: taken }))));
    expect(outcomes.sort()).toEqual(['ok', ...Array.from({ length: 19 }, () => 'slug-taken')].sort());
  });

  it('answer twenty identical requests at once alike', async () => {
    const acme = organisation();
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.call(membership.createOrganisation, acme)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it.each(['users', 'v1', 'delete-users', 'abcdef01-0000-7000-8000-000000000001'])('refuse the slug %s, which means something else in an address', async (reserved) => {
    expect(await app.outcome(membership.createOrganisation, organisation({ slug: reserved }))).toBe('slug-reserved');
  });

  it('are got by their id', async () => {
    const acme = await app.call(membership.createOrganisation, organisation());
    expect(await app.call(membership.getOrganisation, { organisationId: acme.organisationId })).toEqual(acme);
    expect(await app.outcome(membership.getOrganisation, { organisationId: '01890000-0000-7000-8000-000000000000' })).toBe('organisation-not-found');
  });

  it.each(['nobody', 'Not-A-Slug', 'with\u0000zero', ''])('are not found by %j', async (unknown) => {
    expect(await app.outcome(membership.findOrganisation, { slug: unknown })).toBe('organisation-not-found');
  });
});
