import { defineConfig, duration } from '#libs/platform/config';

export const staffRetentionConfig = defineConfig('staff-retention', {
  DELETED_USER_RETENTION: duration().default(30 * 86_400).describe('How long staff who were deleted can be restored, before they are erased'),
});
