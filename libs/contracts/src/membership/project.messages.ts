import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';
import { nextCursor, page, slug, thingName } from './organisation.messages.js';
import { projectMetadata, projectSettings, projectSettingsChange } from './settings.js';

/** A project as those need it who serve its callers. */
export const project = z.object({ projectId: id, organisationId: id, teamId: id.nullable(), name: z.string(), slug: z.string(), settings: projectSettings });
export type Project = z.output<typeof project>;

/** A project as its administrators see it. */
export const projectDetails = project.extend({ metadata: projectMetadata, createdAt: timestamp, modifiedAt: timestamp });
export type ProjectDetails = z.output<typeof projectDetails>;

/** Creates a project, and with it a realm. The same id again is a retry and answers what is there; a slug of another id is taken. */
export const createProject = defineMessage({
  subject: 'membership.project.create',
  request: z.object({ projectId: id, organisationId: id, teamId: id.nullable(), name: thingName, slug, metadata: projectMetadata.optional(), settings: projectSettings.optional(), actor }),
  response: projectDetails,
  errors: ['slug-taken', 'slug-reserved', 'organisation-not-found', 'team-not-found', 'project-not-found'],
});

/** Finds a project by its slug or its id: the realm registry. */
export const findProject = defineMessage({
  subject: 'membership.project.find',
  request: z.object({ project: z.string().min(1).max(64) }),
  response: project,
  errors: ['project-not-found'],
});

export const getProject = defineMessage({
  subject: 'membership.project.get',
  request: z.object({ projectId: id }),
  response: projectDetails,
  errors: ['project-not-found'],
});

/**
 * Changes what is given. `metadata` and `settings` are merged key by key, `null` takes a key out. `teamId` null takes the
 * project out of its team; a team must be of the project's organisation.
 */
export const updateProject = defineMessage({
  subject: 'membership.project.update',
  request: z.object({
    projectId: id,
    name: thingName.optional(),
    slug: slug.optional(),
    teamId: id.nullable().optional(),
    metadata: projectMetadata.optional(),
    settings: projectSettingsChange.optional(),
    actor,
  }),
  response: projectDetails,
  errors: ['project-not-found', 'team-not-found', 'slug-taken', 'slug-reserved', 'metadata-too-large'],
});

/**
 * Deletes a project, with all its roles and keys, and then whatever any service holds of it. One that has users only where
 * `eraseUsers` says so: they are then erased as users are.
 */
export const deleteProject = defineMessage({
  subject: 'membership.project.delete',
  request: z.object({ projectId: id, eraseUsers: z.boolean().default(false), actor }),
  response: z.object({}),
  errors: ['project-not-found', 'project-in-use'],
  // The roles of many users end first.
  deadlineMs: 60_000,
});

/** Projects, newest first: of one organisation, of one team, or of all; with `userId` those among them that the user has a role in, or through their team. */
export const listProjects = defineMessage({
  subject: 'membership.project.list',
  request: page.extend({ organisationId: id.optional(), teamId: id.optional(), projectId: id.optional(), userId: id.optional() }),
  response: z.object({ projects: z.array(projectDetails), nextCursor }),
  errors: ['invalid-cursor'],
});
