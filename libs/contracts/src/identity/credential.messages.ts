import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';

/**
 * Kinds of machine credentials.
 * - `engagement`: key and secret of surface B (`rc_pub_…`, `rc_sec_…`), of a project
 * - `client`: client credentials of surface A (`client_id` is the credential's id), of a project; roles `events`, `workbench`
 * - `api-key`: `rc_admin_…` of an organisation or of the deployment, `rc_proj_…` of a project; roles as users have them
 */
export const credentialKind = z.enum(['engagement', 'client', 'api-key']);
export type CredentialKind = z.output<typeof credentialKind>;

/** Who a credential speaks for. Exactly one of projectId and organisationId is set; neither: the deployment. */
export const credential = z.object({
  credentialId: id,
  kind: credentialKind,
  name: z.string(),
  projectId: id.nullable(),
  organisationId: id.nullable(),
  roles: z.array(z.string()),
});
export type Credential = z.output<typeof credential>;

export const createCredential = defineMessage({
  subject: 'identity.credential.create',
  request: z.object({
    kind: credentialKind,
    name: z.string().min(1).max(200),
    projectId: id.nullable(),
    organisationId: id.nullable(),
    roles: z.array(z.string().min(1).max(64)).max(20),
    actor,
  }),
  /** `key` and `secret` are shown once: only hashes are kept. `engagement` has both; `client` has its id and `secret`; `api-key` has `key`. */
  response: z.object({
    credential,
    key: z.string().nullable(),
    secret: z.string().nullable(),
    /** How the key (of a client: the secret) begins, up to its secret part. */
    prefix: z.string(),
    createdAt: timestamp,
  }),
});

export const revokeCredential = defineMessage({
  subject: 'identity.credential.revoke',
  request: z.object({
    credentialId: id,
    /** When given, a credential of another kind, project or organisation is not found. */
    group: z.object({ kind: credentialKind, projectId: id.nullable(), organisationId: id.nullable() }).optional(),
    actor,
  }),
  response: z.object({}),
  errors: ['credential-not-found'],
});

/** Verifies what a client presented: a key alone, or with its secret (null: none was sent). */
export const authenticateCredential = defineMessage({
  subject: 'identity.credential.authenticate',
  request: z.object({ key: z.string().min(1).max(256), secret: z.string().max(256).nullable() }),
  /** `full`: everything that the kind has was presented and right (an engagement key with its secret; an API key). */
  response: z.object({ credential, full: z.boolean() }),
  errors: ['credential-unknown'],
});

/** Whether credentials may still be used: what issued tokens of a client depend on. */
export const checkCredential = defineMessage({
  subject: 'identity.credential.check',
  request: z.object({ credentialId: id }),
  response: z.object({ active: z.boolean() }),
});

/** OAuth 2.0 client credentials grant (RFC 6749, 4.4). */
export const grantClientToken = defineMessage({
  subject: 'identity.token.grant-client',
  request: z.object({ clientId: z.string().max(256), clientSecret: z.string().max(256) }),
  response: z.object({ accessToken: z.string(), expiresIn: z.number().int(), scope: z.string() }),
  errors: ['invalid-client'],
});
