import { z } from 'zod';
import { defineEvent } from '#libs/platform/messages';
import { mailRequest } from '../mail/mail.js';
import { id } from '../values.js';

export const organisationCreated = defineEvent({ type: 'membership.organisation.created', data: z.object({ organisationId: id }) });
export const organisationChanged = defineEvent({ type: 'membership.organisation.changed', data: z.object({ organisationId: id, changed: z.array(z.string()) }) });
export const organisationDeleted = defineEvent({ type: 'membership.organisation.deleted', data: z.object({ organisationId: id }) });
export const teamCreated = defineEvent({ type: 'membership.team.created', data: z.object({ teamId: id, organisationId: id }) });
export const teamChanged = defineEvent({ type: 'membership.team.changed', data: z.object({ teamId: id, organisationId: id, changed: z.array(z.string()) }) });
export const teamDeleted = defineEvent({ type: 'membership.team.deleted', data: z.object({ teamId: id, organisationId: id }) });
export const projectCreated = defineEvent({ type: 'membership.project.created', data: z.object({ projectId: id, organisationId: id }) });
/** `changed` names fields: `name`, `slug`, `teamId`, `metadata`, `settings`. */
export const projectChanged = defineEvent({ type: 'membership.project.changed', data: z.object({ projectId: id, organisationId: id, changed: z.array(z.string()) }) });
export const projectDeleted = defineEvent({ type: 'membership.project.deleted', data: z.object({ projectId: id, organisationId: id }) });

/** A staff member was deleted or restored: who needs to know which asks, by `isStaffDeleted`. */
export const staffDeleted = defineEvent({ type: 'membership.staff.deleted', data: z.object({ userId: id }) });

/** A user's roles changed: cached access decisions about them are stale. `projectId`: where these are roles in the project that is their home. */
export const rolesChanged = defineEvent({ type: 'membership.roles.changed', data: z.object({ userId: id, version: z.number().int(), projectId: id.optional() }) });

/** A role of a project was made or got other permissions: what those who hold it may do is another thing now. */
export const projectRoleChanged = defineEvent({ type: 'membership.project-role.changed', data: z.object({ projectId: id, role: z.string() }) });
export const projectRoleRemoved = defineEvent({ type: 'membership.project-role.removed', data: z.object({ projectId: id, role: z.string() }) });

/** A mail is to be sent: the workers ask `membership.mail.get` for it. */
export const mailRequested = defineEvent({ type: 'membership.mail.requested', data: mailRequest });
