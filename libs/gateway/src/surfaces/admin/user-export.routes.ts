import { Readable } from 'node:stream';
import { Controller, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { adminPlace } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { userIdOf } from '../../upstream/members.js';
import { UserExports, userNotFound, type ServiceRecord } from '../../upstream/user-exports.js';
import { whileAllowed } from '../../upstream/while-allowed.js';
import { text } from './management.wire.js';
import { userParams, viewerOf } from './user.wire.js';

const exportUser = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users/:user_id/export',
  access: adminPlace('query', { project: 'users:export' }),
  summary: 'Everything that is held about somebody as NDJSON: a user of a project (`users:export` there), a person of your organisation alone (`staff:export`), or yourself',
  params: userParams,
  query: z.object({ project_id: text.optional().describe('Where the user is at home; else it is found out') }),
  answer: { status: 200, description: 'A line for each record, and a last one that counts them', stream: 'application/x-ndjson' },
  failures: { 404: 'There is no such user, or nothing that you share.' },
});

/** The access request: what all services hold about one user, as a file. */
@Controller()
export class UserExportRoutes {
  constructor(private readonly exports: UserExports) {}

  @Serves(exportUser)
  async export({ params, caller, context }: RouteCall<typeof exportUser>): Promise<StreamableFile> {
    const userId = userIdOf(params.user_id);
    const { admin, place } = caller;
    const viewer = viewerOf(admin);
    const home = await this.exports.homeOf(userId, admin, viewer, context);
    if (place?.level === 'project' && place.projectId !== home.realmId) throw userNotFound();
    const pages = await this.exports.open({ userId, ...home, actor: caller.actor }, context);
    // The route's rule names a place only where the query does.
    const mustStillBeAllowed = async () => {
      await caller.mustStillBeAllowed();
      await this.exports.mustBeAllowed({ ...home, userId }, admin, viewer, context);
    };
    return new StreamableFile(Readable.from(textOf(userId, whileAllowed(pages, mustStillBeAllowed))), { type: 'application/x-ndjson', disposition: `attachment; filename="user-${userId}.ndjson"` });
  }
}

async function* textOf(userId: string, pages: AsyncIterable<readonly ServiceRecord[]>): AsyncIterable<string> {
  let records = 0;
  yield line({ kind: 'export', user_id: userId, exported_at: new Date().toISOString() });
  for await (const page of pages) {
    records += page.length;
    if (page.length > 0) yield page.map(({ service, kind, data }) => line({ kind, service, ...data })).join('');
  }
  yield line({ kind: 'end', records });
}

function line(value: Record<string, unknown>): string {
  return `${JSON.stringify(value)}\n`;
}
