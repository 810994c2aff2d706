import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId } from '../values.js';

/** Where a user is at home: in a project, or among staff. An id belongs to one user in the deployment. */
export const findHome = defineMessage({
  subject: 'profiles.user.find-home',
  request: z.object({ userId: id }),
  response: z.object({ realmId }),
  errors: ['user-not-found'],
});

/** Somebody is about to be given everything that is held about a user: the audit trail is told before anything is. */
export const recordExport = defineMessage({
  subject: 'profiles.user.record-export',
  request: z.object({
    realmId,
    userId: id,
    /** Of a member of staff, where they belong to one organisation. */
    organisationId: id.nullable(),
    actor,
  }),
  response: z.object({}),
  errors: ['user-not-found'],
});
