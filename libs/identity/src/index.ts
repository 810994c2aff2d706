import { masterKeyConfig } from '#libs/platform/config';
import { defineTarget } from '#libs/platform/runtime';
import { identityConfig } from './identity.config.js';
import { identityDatabase, IdentityModule } from './identity.module.js';

export const identityTarget = defineTarget({ name: 'identity', module: IdentityModule, database: identityDatabase, config: [masterKeyConfig, identityConfig] });
