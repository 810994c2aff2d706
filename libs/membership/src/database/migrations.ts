import { auditMigrations } from '#libs/platform/audit';
import { eventsMigrations } from '#libs/platform/events';
import { CreateMembership1767225600000 } from './migrations/1767225600000-create-membership.js';

/** In order; a class is never changed once it was released. */
export const migrations = [...eventsMigrations, ...auditMigrations, CreateMembership1767225600000] as const;
