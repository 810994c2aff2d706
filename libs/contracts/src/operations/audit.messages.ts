import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { auditEntry } from '../audit.messages.js';
import { id, storableText, timestamp } from '../values.js';

/** Which entries: of a project, of an organisation and its projects, or (both absent) of the whole deployment. */
export const auditFilter = z.object({
  organisationId: id.optional(),
  projectId: id.optional(),
  actorId: storableText.max(128).optional(),
  /** The action, or with `.*` at its end all of a thing: `api-key.*`. */
  action: storableText.max(128).optional(),
  targetId: storableText.max(128).optional(),
  /** From this time on. */
  from: timestamp.optional(),
  /** Before this time. */
  to: timestamp.optional(),
});

/**
 * A page of the audit trail, in the order of its collection: that in which things happened, within each service. What was
 * committed before the question is in it, as far as its service is in reach. A cursor belongs to its filter and order.
 */
export const listAudit = defineMessage({
  subject: 'operations.audit.list',
  request: z.object({ filter: auditFilter, order: z.enum(['newest-first', 'oldest-first']), limit: z.number().int().min(1).max(1_000), cursor: z.string().max(512).optional() }),
  response: z.object({ entries: z.array(auditEntry), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
  deadlineMs: 10_000,
});
