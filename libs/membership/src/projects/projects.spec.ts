import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, systemActor } from '#libs/contracts';
import { MembershipApp, slug } from '../spec-support/membership-app.js';

describe('projects', () => {
  let app: MembershipApp;
  let organisationId: string;
  beforeAll(async () => {
    app = await MembershipApp.start();
    organisationId = await app.organisation();
  });

  const project = (changes = {}) => ({ projectId: uuidv7(), organisationId, teamId: null, name: 'Shop', slug: slug(), ...changes });
  const create = (wanted: ReturnType<typeof project>) => app.call(membership.createProject, { ...wanted, actor: systemActor });
  const outcome = (wanted: ReturnType<typeof project>) => app.outcome(membership.createProject, { ...wanted, actor: systemActor });

  it('are found by slug and by id, in whatever case the id is written', async () => {
    const shop = project({ teamId: await app.team(organisationId) });
    await create(shop);
    for (const address of [shop.slug, shop.projectId, shop.projectId.toUpperCase()]) {
      expect(await app.call(membership.findProject, { project: address })).toEqual({ ...shop, settings: {} });
    }
  });

  it.each(['nobody', 'Shop', 'with\u0000zero', '0195cf2e-0000-7000-8000-000000000001'])('are not found by %j', async (unknown) => {
    expect(await app.outcome(membership.findProject, { project: unknown })).toBe('project-not-found');
  });

  it('are created once when the request is repeated, with one event', async () => {
    const shop = project();
    const created = await create(shop);
    expect(created).toMatchObject({ ...shop, metadata: {}, settings: {} });
    expect(await create(shop)).toEqual(created);
    expect((await app.events('membership.project.created')).filter(({ projectId }) => projectId === shop.projectId)).toEqual([{ projectId: shop.projectId, organisationId }]);
  });

  it('have a slug that no project of any organisation has', async () => {
    const shop = project();
    await create(shop);
    expect(await outcome(project({ slug: shop.slug, organisationId: await app.organisation() }))).toBe('slug-taken');
  });

  it('can not take the id of another project as their slug', async () => {
    const victim = project({ projectId: 'abcdef01-0000-7000-8000-00000000000f' });
    await create(victim);
    expect(await outcome(project({ slug: victim.projectId }))).toBe('slug-reserved');
    await expect(app.database.execute('UPDATE projects SET slug = $1 WHERE project_id <> $2', [victim.projectId, victim.projectId])).rejects.toMatchObject({ constraint: 'projects_slug_check' });
  });

  it.each([...membership.reservedSlugs])('refuse the slug %s, which means something else in an address', async (reserved) => {
    const expected = membership.slug.safeParse(reserved).success ? 'slug-reserved' : 'invalid-request';
    expect(await outcome(project({ slug: reserved }))).toBe(expected);
  });

  it('need an organisation, and a team of that organisation', async () => {
    const foreignTeam = await app.team(await app.organisation());
    expect(await outcome(project({ organisationId: uuidv7() }))).toBe('organisation-not-found');
    expect(await outcome(project({ teamId: uuidv7() }))).toBe('team-not-found');
    expect(await outcome(project({ teamId: foreignTeam }))).toBe('team-not-found');
  });
});
