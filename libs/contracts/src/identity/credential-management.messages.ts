import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, timestamp } from '../values.js';
import { credential, credentialKind } from './credential.messages.js';

/** Which credentials a question is about: one kind, of a project, of an organisation itself, or (both null) of the deployment. */
export const credentialGroup = z.object({ kind: credentialKind, projectId: id.nullable(), organisationId: id.nullable() });
export type CredentialGroup = z.output<typeof credentialGroup>;

/** A credential as those see it who manage it. Nothing of it opens anything. */
export const managedCredential = credential.extend({
  /** How its key (of a client: its secret) begins, up to the secret part: `rc_proj_<id>_`. */
  prefix: z.string(),
  createdAt: timestamp,
  /** Type and id of the actor: `user:0197…`. */
  createdBy: z.string(),
  /** Within a minute; null: never. */
  lastUsedAt: timestamp.nullable(),
});
export type ManagedCredential = z.output<typeof managedCredential>;

/** The credentials of a group that may be used, newest first. */
export const listCredentials = defineMessage({
  subject: 'identity.credential.list',
  request: z.object({ group: credentialGroup, limit: z.number().int().min(1).max(100), cursor: z.string().max(512).optional() }),
  response: z.object({ credentials: z.array(managedCredential), nextCursor: z.string().nullable() }),
  errors: ['invalid-cursor'],
});

/** One of a group. Revoked ones, and those of other groups, are not found. */
export const getCredential = defineMessage({
  subject: 'identity.credential.get',
  request: z.object({ group: credentialGroup, credentialId: id }),
  response: managedCredential,
  errors: ['credential-not-found'],
});
