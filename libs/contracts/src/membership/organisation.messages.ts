import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';

/** Lower-case letters, digits and hyphens, 2–63, beginning with a letter. */
export const slug = z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'must be 2 to 63 lower-case letters, digits and hyphens, beginning with a letter');

/** Path segments of the public API: they can't be slugs. Nor can a UUID, since a path segment may be a slug or an id. */
export const reservedSlugs: ReadonlySet<string> = new Set(['v1', 'users', 'admin', 'auth', 'oauth2', 'docs', 'health', 'metrics', 'console', 'scim', 'delete-users', 'openapi']);

/** The name of an organisation, a team or a project. */
export const thingName = z.string().min(1).max(200);

/** A page of a list, newest first. `after` is the `nextCursor` of the page before. */
export const page = z.object({ limit: z.number().int().min(1).max(100), after: z.string().max(1_024).optional() });
export const nextCursor = z.string().nullable();

export const organisation = z.object({ organisationId: id, name: z.string(), slug: z.string(), createdAt: timestamp, modifiedAt: timestamp });
export type Organisation = z.output<typeof organisation>;

/** Creates an organisation. The same id again is a retry and answers what is there; a slug of another id is taken. */
export const createOrganisation = defineMessage({
  subject: 'membership.organisation.create',
  request: z.object({ organisationId: id, name: thingName, slug, actor }),
  response: organisation,
  errors: ['slug-taken', 'slug-reserved', 'organisation-not-found'],
});

/** Finds an organisation by its slug. */
export const findOrganisation = defineMessage({
  subject: 'membership.organisation.find',
  request: z.object({ slug: z.string() }),
  response: organisation,
  errors: ['organisation-not-found'],
});

export const getOrganisation = defineMessage({
  subject: 'membership.organisation.get',
  request: z.object({ organisationId: id }),
  response: organisation,
  errors: ['organisation-not-found'],
});

/** Changes what is given. */
export const updateOrganisation = defineMessage({
  subject: 'membership.organisation.update',
  request: z.object({ organisationId: id, name: thingName.optional(), slug: slug.optional(), actor }),
  response: organisation,
  errors: ['organisation-not-found', 'slug-taken', 'slug-reserved'],
});

/** Deletes an organisation that has no projects and no teams left, and all that its members were in it. Deleting what is not there is not found. */
export const deleteOrganisation = defineMessage({
  subject: 'membership.organisation.delete',
  request: z.object({ organisationId: id, actor }),
  response: z.object({}),
  errors: ['organisation-not-found', 'organisation-in-use'],
});

/** Organisations, newest first: all, one, or those that a user is an active member of. */
export const listOrganisations = defineMessage({
  subject: 'membership.organisation.list',
  request: page.extend({ of: z.discriminatedUnion('kind', [z.object({ kind: z.literal('all') }), z.object({ kind: z.literal('one'), organisationId: id }), z.object({ kind: z.literal('member'), userId: id })]) }),
  response: z.object({ organisations: z.array(organisation), nextCursor }),
  errors: ['invalid-cursor'],
});
