import { z } from 'zod';
import { dateText, type identity, storableText } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';

const bytesText = z.string().max(1_024);
const parts = { salt: bytesText, hash: bytesText, encoding: z.enum(['base64', 'hex']).default('base64').describe('Of salt and hash') };

const hash = z.union(
  [
    z.string().min(1).max(1_024).describe('argon2i, argon2id, bcrypt (2a, 2b, 2y), scrypt or PBKDF2 as one text, as in a PHC string'),
    z.discriminatedUnion('algorithm', [
      z.strictObject({ algorithm: z.literal('scrypt'), n: z.number().int(), r: z.number().int(), p: z.number().int(), ...parts }),
      z.strictObject({ algorithm: z.literal(['pbkdf2-sha1', 'pbkdf2-sha256', 'pbkdf2-sha512']), iterations: z.number().int(), ...parts }),
      z.strictObject({ algorithm: z.literal('firebase-scrypt'), ...parts }),
      z.strictObject({ algorithm: z.literal(['sha256', 'sha512']), order: z.enum(['salt-first', 'password-first']), ...parts }),
    ]),
  ],
  { error: 'must be the text of a hash, or an object with its algorithm and parts (scrypt, pbkdf2-sha1, pbkdf2-sha256, pbkdf2-sha512, firebase-scrypt, sha256, sha512)' },
);

const user = z
  .strictObject({
    user_id: z.uuid().optional().describe('Of a user who is there'),
    uid: z.string().min(1).max(128).optional().describe('Of a user who is there, or is made'),
    email: storableText.min(1).max(320).optional().describe('To log in with; becomes the contact email'),
    user_name: storableText.trim().min(1).max(128).regex(/^\P{C}*$/u, 'must not contain control characters').optional().describe('To log in with'),
    password_hash: hash,
    status: z.enum(['active', 'inactive']).optional().describe('Absent: as a user who is there is; active, for one who is made'),
    created_at: dateText.optional(),
    last_login_at: dateText.optional(),
  })
  .refine((value) => (value.user_id === undefined) !== (value.uid === undefined), 'must have user_id or uid, and not both');

export const importBody = z.strictObject({
  users: z.array(user).min(1).max(1_000),
  firebase: z
    .strictObject({ signer_key: bytesText, salt_separator: bytesText, rounds: z.number().int().min(1).max(1_000), mem_cost: z.number().int().min(1).max(64) })
    .optional()
    .describe('Password hash parameters of the Firebase project; for firebase-scrypt'),
});

export function toImportedUser(item: z.output<typeof user>): RequestInput<typeof identity.importCredentials>['users'][number] {
  const { user_id: userId, uid, email, user_name: userName, password_hash, status, created_at: createdAt, last_login_at: lastLoginAt } = item;
  return { user: userId === undefined ? { externalId: uid as string } : { userId }, email, userName, hash: password_hash, isActive: status === undefined ? undefined : status === 'active', createdAt, lastLoginAt };
}
