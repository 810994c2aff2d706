import { z } from 'zod';
import { defineJob, type AnyJobType } from '#libs/platform/messages';
import { id, realmId } from '../values.js';

/** Erases the users of one erasure in every service and writes its receipt. */
export const eraseUsersJob = defineJob({ name: 'erase-users', queue: 'erasure', payload: z.object({ realmId, erasureId: id }) });

/** Sends one mail. */
export const sendMailJob = defineJob({ name: 'send-mail', queue: 'mail', payload: z.object({ realmId, mailId: id }) });

/** Every job there is: the workers refuse to start when one has no handler or two. */
export const allJobs: readonly AnyJobType[] = [eraseUsersJob, sendMailJob];
