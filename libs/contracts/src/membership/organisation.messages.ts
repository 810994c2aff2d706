import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id } from '../values.js';

/** Lower-case letters, digits and hyphens, 2–63, beginning with a letter. */
export const slug = z.string().regex(/^[a-z][a-z0-9-]{1,62}$/);

/** Path segments of the public API: they can't be slugs. Nor can a UUID, since a path segment may be a slug or an id. */
export const reservedSlugs: ReadonlySet<string> = new Set(['v1', 'users', 'admin', 'auth', 'oauth2', 'docs', 'health', 'metrics', 'console', 'scim', 'delete-users', 'openapi']);

export const organisation = z.object({ organisationId: id, name: z.string(), slug: z.string() });
export const project = z.object({ projectId: id, organisationId: id, teamId: id.nullable(), name: z.string(), slug: z.string() });
export type Project = z.output<typeof project>;
export type Organisation = z.output<typeof organisation>;
export const team = z.object({ teamId: id, organisationId: id, name: z.string() });
export type Team = z.output<typeof team>;

/** Creates an organisation. The same id again is a retry and answers what is there; a slug of another id is taken. */
export const createOrganisation = defineMessage({
  subject: 'membership.organisation.create',
  request: z.object({ organisationId: id, name: z.string().min(1).max(200), slug, actor }),
  response: organisation,
  errors: ['slug-taken', 'slug-reserved'],
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

/** Creates a team; the same id again is a retry. */
export const createTeam = defineMessage({
  subject: 'membership.team.create',
  request: z.object({ teamId: id, organisationId: id, name: z.string().min(1).max(200), actor }),
  response: team,
  errors: ['organisation-not-found', 'team-name-taken'],
});

/** Creates a project, and with it a realm. The same id again is a retry and answers what is there; a slug of another id is taken. */
export const createProject = defineMessage({
  subject: 'membership.project.create',
  request: z.object({ projectId: id, organisationId: id, teamId: id.nullable(), name: z.string().min(1).max(200), slug, actor }),
  response: project,
  errors: ['slug-taken', 'slug-reserved', 'organisation-not-found', 'team-not-found'],
});

/** Finds a project by its slug or its id: the realm registry. */
export const findProject = defineMessage({
  subject: 'membership.project.find',
  request: z.object({ project: z.string().min(1).max(64) }),
  response: project,
  errors: ['project-not-found'],
});
