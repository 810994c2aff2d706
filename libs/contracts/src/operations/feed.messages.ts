import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id } from '../values.js';
import { cloudEvent, feedType } from './cloud-event.js';

/** A place in the feed of a project: that of its first event is 1, that of each other one more than the one before it. */
export const feedPosition = z.number().int().nonnegative();

/**
 * What happened in a project after a place in its feed, in order. Whatever was committed before the question is in it, as
 * far as its service is in reach. Whoever goes on from `next` misses nothing, and gets nothing twice but by asking twice.
 */
export const readFeed = defineMessage({
  subject: 'operations.feed.read',
  request: z.object({
    projectId: id,
    /** Absent: from the oldest event that is kept. `latest`: nothing of what is there, only what comes. */
    after: z.union([feedPosition, z.literal('latest')]).optional(),
    limit: z.number().int().min(1).max(1_000),
    /** Absent: all. */
    types: z.array(feedType).min(1).optional(),
  }),
  response: z.object({
    /** Fewer than asked when they are large, or when many others lie between: only `hasMore` says whether there are more. */
    events: z.array(cloudEvent),
    next: feedPosition,
    hasMore: z.boolean(),
  }),
  errors: ['feed-position-expired', 'feed-position-unknown'],
  deadlineMs: 10_000,
});
