import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id } from '../values.js';

/** An organisation or a project that is gone from membership. */
export const closedPlace = z.object({ level: z.enum(['organisation', 'project']), placeId: id, organisationId: id });
export type ClosedPlace = z.output<typeof closedPlace>;

/**
 * Ends every key, client and session of an organisation or a project that was deleted; what there is of it goes afterwards.
 * The event of the deletion repeats it. Idempotent.
 */
export const closePlace = defineMessage({
  subject: 'identity.place.close',
  request: closedPlace,
  response: z.object({}),
});
