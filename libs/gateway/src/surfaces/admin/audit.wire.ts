import { z } from 'zod';
import { type AuditEntry, dateText } from '#libs/contracts';
import { wholeNumberMeta } from '../../http/whole-number.js';

const largestPage = 1_000;

const someId = z.string().min(1, 'must not be empty').max(128, 'must not be longer than 128 characters').regex(/^\P{C}*$/u, 'must not contain control characters');

/** What may be asked of an audit trail, the page left out. */
export const auditFilterQuery = z.object({
  actor: someId.optional().describe('Id of the user or the credential that did it; of an erased user their hash'),
  action: someId.optional().describe('Such as `api-key.created`; `api-key.*` for all that was done to API keys'),
  target: someId.optional().describe('Id of whom or what it was done to'),
  from: dateText.optional().describe('From this time on, ISO 8601'),
  to: dateText.optional().describe('Before this time, ISO 8601'),
});
export type AuditFilterQuery = z.output<typeof auditFilterQuery>;

export const auditQuery = auditFilterQuery.extend({
  cursor: z.string().min(1).max(512).optional().describe('`next_cursor` of the page before, of the same question'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `must be a whole number from 1 to ${largestPage}`)
    .transform(Number)
    .refine((limit) => limit <= largestPage, `must be a whole number from 1 to ${largestPage}`)
    .default(50)
    .describe(`1 to ${largestPage}`)
    .meta(wholeNumberMeta(1, largestPage, 50)),
});

export const auditObject = z.object({
  audit_id: z.string(),
  occurred_at: z.string(),
  actor: z.object({ type: z.enum(['user', 'credential', 'system']), id: z.string() }).describe('Of an erased user the id is a keyed hash, `erased:…`'),
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string() }),
  org_id: z.string().nullable(),
  project_id: z.string().nullable(),
  before: z.array(z.string()).describe('Names of the changed fields that had a value before; never the values'),
  after: z.array(z.string()).describe('Names of the changed fields that have one since'),
  surface: z.string().nullable().describe('Through which API; null for what nobody asked for'),
  address: z.string().nullable().describe('From which network address'),
  request_id: z.string(),
});
export type AuditObject = z.output<typeof auditObject>;

export const auditPage = z.object({ entries: z.array(auditObject), next_cursor: z.string().nullable(), limit: z.number().int() });
export type AuditPage = z.output<typeof auditPage>;

export function toAuditObject({ entryId, occurredAt, actor, action, target, organisationId, projectId, before, after, surface, address, requestId }: AuditEntry): AuditObject {
  return { audit_id: entryId, occurred_at: occurredAt, actor, action, target, org_id: organisationId, project_id: projectId, before, after, surface, address, request_id: requestId };
}
