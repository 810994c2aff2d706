import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, realmId } from './values.js';

/** Something that a service holds about a user. `kind` says what; the fields are those of the service's own row, without secrets. */
export const exportRecord = z.object({ kind: z.string(), data: z.record(z.string(), z.unknown()) });
export type ExportRecord = z.output<typeof exportRecord>;

/**
 * What a service holds about a user, some at a time: `next` is handed in as `after` to go on, and null at the end. No page is
 * larger than a message may be, and none takes longer because there are many.
 */
function exportMessage(service: string) {
  return defineMessage({
    subject: `${service}.user.export`,
    request: z.object({ realmId, userId: id, after: z.string().max(1_024).nullable() }),
    response: z.object({ records: z.array(exportRecord), next: z.string().nullable() }),
    errors: ['user-not-found'],
    deadlineMs: 15_000,
  });
}

/** Every service that holds something about users, in the order of an export. */
export const exportSources = {
  profiles: exportMessage('profiles'),
  identity: exportMessage('identity'),
  membership: exportMessage('membership'),
  operations: exportMessage('operations'),
};
