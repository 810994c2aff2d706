import { Readable } from 'node:stream';
import { Controller, StreamableFile } from '@nestjs/common';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { DataExports } from '../../upstream/data-exports.js';
import { whileAllowed } from '../../upstream/while-allowed.js';
import { exportQuery, toEventLine, toUserLine } from './export.wire.js';
import { projectParams } from './management.wire.js';

const exportData = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/exports',
  access: adminProject('users:export'),
  summary: 'All users or events of a project as NDJSON',
  description: 'Users in the order in which they came, events user by user. Whoever and whatever was there when it began and is there still, once. An import takes the same lines.',
  params: projectParams,
  query: exportQuery,
  answer: { status: 200, description: 'A line for each, and a last one that counts them: an export without it was cut off', stream: 'application/x-ndjson' },
  failures: { 404: 'There is no such project, segment or list.' },
});

@Controller()
export class ExportsRoutes {
  constructor(private readonly exports: DataExports) {}

  @Serves(exportData)
  async export({ query, caller: { projectId, actor, mustStillBeAllowed }, context }: RouteCall<typeof exportData>): Promise<StreamableFile> {
    const { type, segment_id: segmentId, list_id: listId, event, from, to } = query;
    const lines =
      type === 'users'
        ? linesOf(whileAllowed(await this.exports.users(projectId, { segmentId, listId }, actor, context), mustStillBeAllowed), toUserLine)
        : linesOf(whileAllowed(await this.exports.events(projectId, { event, from, to }, actor, context), mustStillBeAllowed), toEventLine);
    // One page at a time, when the one before has been taken.
    return new StreamableFile(Readable.from(lines, { highWaterMark: 1 }), { type: 'application/x-ndjson', disposition: `attachment; filename="${type}-${projectId}.ndjson"` });
  }
}

async function* linesOf<T>(pages: AsyncIterable<readonly T[]>, toLine: (record: T) => object): AsyncIterable<string> {
  let records = 0;
  for await (const page of pages) {
    records += page.length;
    if (page.length > 0) yield page.map((record) => `${JSON.stringify(toLine(record))}\n`).join('');
  }
  yield `${JSON.stringify({ kind: 'end', records })}\n`;
}
