import { databaseConfig } from '#libs/platform/database';
import { defineTarget } from '#libs/platform/runtime';
import { profilesConfig } from './profiles.config.js';
import { ProfilesModule } from './profiles.module.js';

/** Users' descriptive data, their events, and the memory of whom was erased. */
export const profilesTarget = defineTarget({ name: 'profiles', module: ProfilesModule, config: [databaseConfig, profilesConfig] });
