import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';
import { nextCursor, page, thingName } from './organisation.messages.js';

export const team = z.object({ teamId: id, organisationId: id, name: z.string(), createdAt: timestamp, modifiedAt: timestamp });
export type Team = z.output<typeof team>;

/** Creates a team; the same id again is a retry. */
export const createTeam = defineMessage({
  subject: 'membership.team.create',
  request: z.object({ teamId: id, organisationId: id, name: thingName, actor }),
  response: team,
  errors: ['organisation-not-found', 'team-name-taken', 'team-not-found'],
});

export const getTeam = defineMessage({
  subject: 'membership.team.get',
  request: z.object({ teamId: id }),
  response: team,
  errors: ['team-not-found'],
});

/** Changes what is given. */
export const updateTeam = defineMessage({
  subject: 'membership.team.update',
  request: z.object({ teamId: id, name: thingName.optional(), actor }),
  response: team,
  errors: ['team-not-found', 'team-name-taken'],
});

/** Deletes a team that has no projects left, and its members' roles with it. */
export const deleteTeam = defineMessage({
  subject: 'membership.team.delete',
  request: z.object({ teamId: id, actor }),
  response: z.object({}),
  errors: ['team-not-found', 'team-in-use'],
});

/** Teams, newest first: of one organisation or of all; with `userId` those among them that the user has a role in. */
export const listTeams = defineMessage({
  subject: 'membership.team.list',
  request: page.extend({ organisationId: id.optional(), userId: id.optional() }),
  response: z.object({ teams: z.array(team), nextCursor }),
  errors: ['invalid-cursor'],
});
