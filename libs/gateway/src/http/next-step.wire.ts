import { z } from 'zod';
import type { identity } from '#libs/contracts';

/** What a login answers, on every surface, when the password was right and one more step is needed. */
export const nextStep = z.object({
  next_step: z.object({
    methods: z.array(z.string()).describe('What may be done next; any one of them. new-password: choose another password'),
    step_token: z.string().describe('Names the login that waits. It is no access token'),
    expires_at: z.number().int().describe('Unix seconds'),
  }),
});

/** The step `new-password`. */
export const newPasswordBody = z.strictObject({
  step_token: z.string().min(1).max(512).describe('Of the login’s next_step'),
  password: z.string().max(1_024).describe('8 to 256 characters; refused when it is the present one, a common one, or the user’s name or email'),
});

export function toNextStep({ methods, stepToken, expiresAt }: Extract<identity.LoginResult, { step: 'next' }>): z.output<typeof nextStep> {
  return { next_step: { methods, step_token: stepToken, expires_at: expiresAt } };
}
