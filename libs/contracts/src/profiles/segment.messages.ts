import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';
import { profile, userAddress } from './user.messages.js';

/** Segments that a project may have: each is decided of a user whenever that user changes. */
export const mostSegments = 100;

const name = z.string().min(1).max(200);

/** Users who fit a rule: `{"attributes.plan": "pro"}`. Profiles reads and checks the rule. */
export const segment = z.object({
  segmentId: id,
  name: z.string(),
  rule: z.unknown(),
  /** `computing` until every user was looked at since the rule last changed. */
  state: z.enum(['computing', 'ready']),
  /** Users that the last look at all has been at, of how many there were when it began. */
  evaluated: z.number().int(),
  total: z.number().int(),
  /** When the last such look ended. */
  evaluatedAt: timestamp.nullable(),
  createdAt: timestamp,
  modifiedAt: timestamp,
});
export type Segment = z.output<typeof segment>;

export const createSegment = defineMessage({
  subject: 'profiles.segment.create',
  /** `segmentId`: the id it gets; asked again with the same, the answer is the segment that is there. */
  request: z.object({ realmId, segmentId: id, name, rule: z.unknown(), actor }),
  response: segment,
  /** Of a bad rule, details name every place: `rule.$or[1].attributes.age.$gt`. */
  errors: ['invalid-segment', 'segment-limit'],
});

/** The segments of a realm, newest first. */
export const listSegments = defineMessage({
  subject: 'profiles.segment.list',
  request: z.object({ realmId, limit: z.number().int().min(1).max(100), cursor: z.string().max(512).optional() }),
  response: z.object({ segments: z.array(segment), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});

export const getSegment = defineMessage({
  subject: 'profiles.segment.get',
  request: z.object({ realmId, segmentId: id }),
  response: z.object({ segment, members: z.number().int() }),
  errors: ['segment-not-found'],
});

/** Absent: unchanged. Another rule has all users looked at anew. */
export const updateSegment = defineMessage({
  subject: 'profiles.segment.update',
  request: z.object({ realmId, segmentId: id, name: name.optional(), rule: z.unknown().optional(), actor }),
  response: segment,
  errors: ['segment-not-found', 'invalid-segment'],
});

export const removeSegment = defineMessage({
  subject: 'profiles.segment.remove',
  request: z.object({ realmId, segmentId: id, actor }),
  response: z.object({}),
  errors: ['segment-not-found'],
});

/** Whether a member gets what is sent to the segment. It is remembered when the user leaves the segment and comes back. */
export const setSuppressed = defineMessage({
  subject: 'profiles.segment.set-suppressed',
  request: z.object({ realmId, user: userAddress, segmentId: id, suppressed: z.boolean(), actor }),
  response: profile,
  errors: ['user-not-found', 'user-erased', 'not-in-segment'],
});

/** How many users a rule would find now. Nothing is made of it. */
export const previewSegment = defineMessage({
  subject: 'profiles.segment.preview',
  request: z.object({ realmId, rule: z.unknown() }),
  response: z.object({ count: z.number().int() }),
  /** `preview-too-slow`: the project is too large for the rule to be counted while somebody waits. `preview-running`: one at a time in a project. */
  errors: ['invalid-segment', 'preview-too-slow', 'preview-running'],
});
