import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';

/** Makes the partitions that events of this month and the coming ones need. Asked by a schedule; idempotent. */
export const prepareEventPartitions = defineMessage({
  subject: 'profiles.event.prepare-partitions',
  request: z.object({}),
  /** The names of those that were made now. */
  response: z.object({ made: z.array(z.string()) }),
  deadlineMs: 60_000,
});
