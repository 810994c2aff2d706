import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, storableText, timestamp } from '../values.js';

const bytesText = z.string().max(1_024);
const parts = { salt: bytesText, hash: bytesText, encoding: z.enum(['base64', 'hex']).default('base64') };

/**
 * A password hash from elsewhere: its text, where the text says all (argon2, bcrypt, scrypt and PBKDF2, as PHC strings or as
 * passlib and Django write them), or its parts.
 */
export const importedHash = z.union([
  z.string().min(1).max(1_024),
  z.discriminatedUnion('algorithm', [
    z.object({ algorithm: z.literal('scrypt'), n: z.number().int(), r: z.number().int(), p: z.number().int(), ...parts }),
    z.object({ algorithm: z.literal(['pbkdf2-sha1', 'pbkdf2-sha256', 'pbkdf2-sha512']), iterations: z.number().int(), ...parts }),
    z.object({ algorithm: z.literal('firebase-scrypt'), ...parts }),
    z.object({ algorithm: z.literal(['sha256', 'sha512']), /** What was hashed: salt and password, or the other way round. */ order: z.enum(['salt-first', 'password-first']), ...parts }),
  ]),
]);
export type ImportedHash = z.output<typeof importedHash>;

/** Of a Firebase project (`base64_signer_key` and so on in its console). `memCost` is the logarithm of N. */
export const firebaseParameters = z.object({ signerKey: bytesText, saltSeparator: bytesText, rounds: z.number().int().min(1).max(1_000), memCost: z.number().int().min(1).max(64) });
export type FirebaseParameters = z.output<typeof firebaseParameters>;

/** Somebody to be imported: by the id of a user who is there, or by external id, which is made where it is not there. */
export const importedUser = z.object({
  user: z.union([z.object({ userId: id }), z.object({ externalId: z.string().min(1).max(128) })]),
  /** Becomes the contact email too. Absent: the contact email that the user has. */
  email: storableText.max(320).optional(),
  userName: storableText.max(128).optional(),
  hash: importedHash,
  /** Absent: as a user who is there is; active, for one who is made. */
  isActive: z.boolean().optional(),
  createdAt: timestamp.optional(),
  lastLoginAt: timestamp.optional(),
});
export type ImportedUser = z.output<typeof importedUser>;

/**
 * - `imported`: can log in now
 * - `skipped`: could log in before, and nothing was changed; so that an import may be sent again
 * - `failed`: why, in `error`
 */
export const importResult = z.object({
  status: z.enum(['imported', 'skipped', 'failed']),
  userId: id.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type ImportResult = z.output<typeof importResult>;

/** So many that, where nobody answers, the caller soon knows, and that what is broken off is soon finished. */
export const mostImportedAtOnce = 100;

/** Takes users with the hashes of their passwords over from elsewhere. Each stands for itself; results are in the order of the users. */
export const importCredentials = defineMessage({
  subject: 'identity.login.import',
  request: z.object({ realmId, users: z.array(importedUser).min(1).max(mostImportedAtOnce), firebase: firebaseParameters.nullable(), actor }),
  response: z.object({ results: z.array(importResult) }),
  deadlineMs: 15_000,
});
