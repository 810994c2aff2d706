import { z } from 'zod';
import type { identity } from '#libs/contracts';

/** Tokens of a staff member (RFC 6749, 5.1). `expires_in` is in seconds. */
export const tokens = z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.number().int(), refresh_token: z.string() });

export function toTokens(issued: identity.IssuedTokens): z.output<typeof tokens> {
  return { access_token: issued.accessToken, token_type: 'Bearer', expires_in: Math.max(0, issued.expiresAt - Math.floor(Date.now() / 1_000)), refresh_token: issued.refreshToken };
}
