import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';
import { userAddress } from './user.messages.js';

/** The keyed hash of a name, in hexadecimal. */
const nameHash = z.string().regex(/^[0-9a-f]{64}$/);

/** A name of somebody who was erased. Whatever comes under it is refused, until somebody bears it anew or it is lifted. */
const suppression = z.object({ nameHash, kind: z.enum(['external-id', 'email', 'user-name']), suppressedAt: timestamp, erasureId: id });
export type Suppression = z.output<typeof suppression>;

/** The suppressed names of a realm, newest first. */
export const listSuppressions = defineMessage({
  subject: 'profiles.suppression.list',
  request: z.object({ realmId, limit: z.number().int().min(1).max(100), cursor: z.string().max(512).optional() }),
  response: z.object({ suppressions: z.array(suppression), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});

/** Whether somebody who was addressed so was erased, and what of theirs is suppressed still: up to 100 names. */
export const checkSuppression = defineMessage({
  subject: 'profiles.suppression.check',
  request: z.object({ realmId, user: userAddress }),
  /** `since`: null where nothing is suppressed. The id of an erased user stays so for good, which is no name in `suppressions`. */
  response: z.object({ since: timestamp.nullable(), suppressions: z.array(suppression) }),
});

/** Lets the names of whoever bore this one be borne again. `erasure-running`: there is something left of them to erase. */
export const liftSuppression = defineMessage({
  subject: 'profiles.suppression.lift',
  request: z.object({ realmId, nameHash, actor }),
  response: z.object({}),
  errors: ['suppression-not-found', 'erasure-running'],
});
