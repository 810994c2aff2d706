import { z } from 'zod';
import { defineJob, type AnyJobType } from '#libs/platform/messages';
import { erasureServices } from '../operations/erasure.messages.js';
import { id, realmId } from '../values.js';

/** Erases the users of one erasure in one service. Erasures have one of each service, beside one another. */
export const erasePartJob = defineJob({ name: 'erase-part', queue: 'erasure', payload: z.object({ realmId, erasureId: id, service: z.enum(erasureServices) }) });

/** After those: asks every service what is left, and writes the receipt. */
export const eraseUsersJob = defineJob({ name: 'erase-users', queue: 'erasure', payload: z.object({ realmId, erasureId: id }) });

/** Sends one mail. */
export const sendMailJob = defineJob({ name: 'send-mail', queue: 'mail', payload: z.object({ realmId, mailId: id }) });

/** Sends several that were asked for at the same time: a job costs more than a mail. */
export const sendMailsJob = defineJob({ name: 'send-mails', queue: 'mail', payload: z.object({ mails: z.array(sendMailJob.payload).min(1).max(100), isPatient: z.boolean().optional() }) });

/** Sends what waits for one webhook. */
export const deliverWebhooksJob = defineJob({ name: 'deliver-webhooks', queue: 'webhooks', payload: z.object({ projectId: id, webhookId: id }) });

/** Goes on with the imports of one project. */
export const runImportsJob = defineJob({ name: 'run-imports', queue: 'imports', payload: z.object({ projectId: id }) });

/** Every job there is: the workers refuse to start when one has no handler or two. */
export const allJobs: readonly AnyJobType[] = [erasePartJob, eraseUsersJob, sendMailJob, sendMailsJob, deliverWebhooksJob, runImportsJob];
