import { eventsMigrations } from '#libs/platform/events';
import { CreateOperations1767225600000 } from './migrations/1767225600000-create-operations.js';
import { CreateMails1767225600010 } from './migrations/1767225600010-create-mails.js';

/** In order; a class is never changed once it was released. */
export const migrations = [...eventsMigrations, CreateOperations1767225600000, CreateMails1767225600010] as const;
