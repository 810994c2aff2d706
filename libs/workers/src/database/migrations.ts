import { eventsMigrations } from '#libs/platform/events';
import { CreateOperations1767225600000 } from './migrations/1767225600000-create-operations.js';

/** In order; a class is never changed once it was released. */
export const migrations = [...eventsMigrations, CreateOperations1767225600000] as const;
