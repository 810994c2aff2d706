import { defineConfig, duration } from '#libs/platform/config';

export const invitationsConfig = defineConfig('invitations', {
  INVITATION_TTL: duration().default(7 * 86_400).describe('How long an invitation can be accepted'),
});
