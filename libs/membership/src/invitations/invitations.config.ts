import { defineConfig, duration, wholeNumber } from '#libs/platform/config';

export const invitationsConfig = defineConfig('invitations', {
  INVITATION_TTL: duration().default(7 * 86_400).describe('How long an invitation can be accepted'),
  INVITATION_MAILS_PER_PERSON: wholeNumber({ min: 1, max: 1_000 }).default(10).describe('Mails by which an organisation may invite the same person again in an hour; more are refused'),
});
