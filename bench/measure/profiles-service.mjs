import { ProfilesModule } from '../../dist/libs/profiles/src/profiles.module.js';
import { startService } from './one-service.mjs';

/** @returns `call(message, request)`, a client `sql` of the service's database without a time limit, and `stop()` */
export const startProfiles = () => startService({ name: 'profiles', module: ProfilesModule });
