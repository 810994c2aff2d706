import { masterKeyConfig } from '#libs/platform/config';
import { defineTarget } from '#libs/platform/runtime';
import { profilesDatabase, ProfilesModule } from './profiles.module.js';

/** Users' descriptive data, their events, and the memory of whom was erased. */
export const profilesTarget = defineTarget({ name: 'profiles', module: ProfilesModule, database: profilesDatabase, config: [masterKeyConfig] });
