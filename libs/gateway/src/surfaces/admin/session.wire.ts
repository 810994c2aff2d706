import { z } from 'zod';
import type { identity } from '#libs/contracts';

/** A session on the admin surface, for administrators and for its user. */
export const sessionObject = z.object({
  session_id: z.string(),
  device: z.string().nullable().describe('What the user agent says, in a few words: `Firefox on Linux`'),
  user_agent: z.string().nullable(),
  address: z.string().nullable().describe('Of the last login or refresh'),
  created_at: z.string(),
  last_used_at: z.string().describe('The last login or refresh'),
  expires_at: z.string().describe('When it ends, unless it is used before'),
});
export type SessionObject = z.output<typeof sessionObject>;

export function toSessionObject({ sessionId, device, userAgent, address, createdAt, lastUsedAt, expiresAt }: identity.Session): SessionObject {
  return { session_id: sessionId, device, user_agent: userAgent, address, created_at: createdAt, last_used_at: lastUsedAt, expires_at: expiresAt };
}
