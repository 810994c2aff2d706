import { z } from 'zod';
import type { identity } from '#libs/contracts';
import { wholeNumberMeta } from '../../http/whole-number.js';

/** What the things under `/v1/admin/projects/:project_id/` have in common. */

export const projectParams = z.object({ project_id: z.string() });

/** Text that people read: no control characters, no halves of surrogate pairs. */
export const nameText = z
  .string({ error: 'must be a string' })
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must not be longer than 200 characters')
  .regex(/^\P{C}*$/u, 'must not contain control characters');

/** The name of an organisation or a project in addresses. */
export const slugText = z.string({ error: 'must be a string' }).regex(/^[a-z][a-z0-9-]{1,62}$/, 'must be 2 to 63 lower-case letters, digits and hyphens, beginning with a letter');

/** An id in a body or a query. What is none is nobody's, and answered like an unknown one. */
export const text = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(64, 'must not be longer than 64 characters');

const largestPage = 100;

/** A page of a list, as every list of the admin surface takes it. */
export const pageQuery = z.object({
  cursor: z.string().min(1).max(512).optional().describe('`next_cursor` of the page before'),
  page_size: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${largestPage}`)
    .transform(Number)
    .refine((size) => size <= largestPage, `must be a whole number from 1 to ${largestPage}`)
    .default(50)
    .describe(`1 to ${largestPage}`)
    .meta(wholeNumberMeta(1, largestPage, 50)),
});

export const pageFields = { next_cursor: z.string().nullable(), page_size: z.number().int() };

/** What is shown of every credential; `prefix` is how its key begins, and nothing that opens anything. */
export const credentialFields = {
  name: z.string(),
  kind: z.string(),
  roles: z.array(z.string()),
  prefix: z.string().describe('How the key (of an API client: the secret) begins'),
  created_at: z.string(),
  last_used_at: z.string().nullable().describe('Within a minute; null: never'),
};

export function toCredentialFields(credential: identity.ManagedCredential) {
  const { name, kind, roles, prefix, createdAt, lastUsedAt } = credential;
  return { name, kind: kind === 'client' ? 'api-client' : kind === 'engagement' ? 'engagement-key' : kind, roles, prefix, created_at: createdAt, last_used_at: lastUsedAt };
}

/** What the contract promises for the kind of credential. */
export function shown(secret: string | null): string {
  if (secret === null) throw new Error('identity made a credential without the part that its kind has');
  return secret;
}
