import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId, timestamp } from '../values.js';
import { mailState } from '../mail/mail.js';

/**
 * How far mails are. For the service that has them sent, which shows it beside its row (`email_status`). One whose request has
 * not arrived yet is left out, like an unknown one: it counts as queued.
 */
export const describeMails = defineMessage({
  subject: 'operations.mail.describe',
  request: z.object({ realmId, mailIds: z.array(id).min(1).max(1_000) }),
  /** `finishedAt` is null while it is queued. */
  response: z.object({ mails: z.array(z.object({ mailId: id, state: mailState, finishedAt: timestamp.nullable() })) }),
  // What it is shown beside must not wait long for it.
  deadlineMs: 1_000,
});
