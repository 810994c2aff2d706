import { masterKeyConfig } from '#libs/platform/config';
import { defineTarget } from '#libs/platform/runtime';
import { ProfilesModule } from './profiles.module.js';

/** Users' descriptive data, their events, and the memory of whom was erased. */
export const profilesTarget = defineTarget({ name: 'profiles', module: ProfilesModule, config: [masterKeyConfig] });
