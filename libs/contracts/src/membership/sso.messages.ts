import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id } from '../values.js';

/**
 * Lets somebody into an organisation whom its identity provider vouched for: an invited membership becomes active, and
 * where `autoJoin` says so, one of nobody's becomes `member`. Again is harmless.
 */
export const admitBySso = defineMessage({
  subject: 'membership.sso.admit',
  request: z.object({
    organisationId: id,
    /** Who it is, as far as identity knows; null: nobody who can log in has this address. */
    userId: id.nullable(),
    /** The id of the person, if there is none with the address. */
    newUserId: id,
    /** Verified, and of a domain that the organisation answers for. */
    email: z.string().max(320),
    name: z.string().max(200).nullable(),
    autoJoin: z.boolean(),
  }),
  response: z.object({ userId: id }),
  errors: ['sso-not-invited', 'organisation-not-found', 'user-not-found'],
  deadlineMs: 10_000,
});
