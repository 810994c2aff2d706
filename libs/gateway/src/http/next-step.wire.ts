import { z } from 'zod';
import type { identity } from '#libs/contracts';

/**
 * What a login answers, on every surface, when the password was right and one more step is needed. No step is there yet;
 * clients that look for `next_step` before they look for a token are ready for it.
 */
export const nextStep = z.object({
  next_step: z.object({
    methods: z.array(z.string()).describe('What may be done next; any one of them'),
    step_token: z.string().describe('Names the login that waits. It is no access token'),
    expires_at: z.number().int().describe('Unix seconds'),
  }),
});

export function toNextStep({ methods, stepToken, expiresAt }: Extract<identity.LoginResult, { step: 'next' }>): z.output<typeof nextStep> {
  return { next_step: { methods, step_token: stepToken, expires_at: expiresAt } };
}
