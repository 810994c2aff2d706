import { Readable } from 'node:stream';
import { Controller, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { operations } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { httpErrors } from '../../http/http-errors.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Imports } from '../../upstream/imports.js';
import { whileAllowed } from '../../upstream/while-allowed.js';
import { createImportQuery, importIdOf, importObject, importParams, importsQuery, toImportObject, type ImportObject } from './import.wire.js';
import { projectParams } from './management.wire.js';

const notFound = { 404: 'There is no such project or import.' };

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/imports',
  access: adminProject('users:import'),
  idempotencyKey: 'honoured',
  summary: 'Import users or events from a file of any size',
  description: 'The answer comes when the file has arrived; its rows are written after that. Each row stands for itself. Imports of a project are written one after the other, in the order in which their files were complete.',
  params: projectParams,
  query: createImportQuery,
  file: {
    description: 'A row a line: JSON objects, or CSV whose first line names the columns. UTF-8.',
    examples: { 'application/x-ndjson': '{"id":"ada","email":"ada@example.com","attributes":{"plan":"pro"}}\n', 'text/csv': 'id,email,attributes.plan\nada,ada@example.com,pro\n' },
  },
  answer: { status: 202, description: 'The import, which waits for its turn', body: importObject },
  failures: { 404: 'There is no such project.', 409: 'The project has as many unfinished imports as it may have.', 413: 'The file is larger than the operator allows.', 415: 'The file has a media type that is not taken, or is compressed.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/imports',
  access: adminProject('users:import'),
  summary: 'List the imports of a project, newest first',
  params: projectParams,
  query: importsQuery,
  answer: { status: 200, description: 'One page', body: z.object({ imports: z.array(importObject), next_cursor: z.string().nullable(), page_size: z.number().int() }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/imports/:import_id',
  access: adminProject('users:import'),
  summary: 'See how an import is doing',
  params: importParams,
  answer: { status: 200, description: 'The import', body: importObject },
  failures: notFound,
});

const errors = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/imports/:import_id/errors',
  access: adminProject('users:import'),
  summary: 'What was wrong with rows of an import, as NDJSON',
  params: importParams,
  answer: { status: 200, description: 'A line for each mistake (`line`, `field`, `code`, `reason`), in the order of the file, and a last one that counts them', stream: 'application/x-ndjson' },
  failures: notFound,
});

const cancel = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/imports/:import_id/cancel',
  access: adminProject('users:import'),
  idempotencyKey: { ignored: 'an import that is cancelled stays cancelled' },
  summary: 'Cancel an import: nothing more is written of it, and what was written stays',
  params: importParams,
  answer: { status: 200, description: 'The import', body: importObject },
  failures: { ...notFound, 409: 'The import has ended.' },
});

@Controller()
export class ImportsRoutes {
  constructor(
    private readonly imports: Imports,
    private readonly rpc: RpcClient,
  ) {}

  @Serves(create)
  async create({ query: { type: kind, dry_run: dryRun }, caller: { projectId, actor }, context, http }: RouteCall<typeof create>): Promise<ImportObject> {
    const { headers, body } = http;
    const isEncoded = (headers['content-encoding'] ?? 'identity') !== 'identity';
    if (!(body instanceof Readable) || isEncoded) throw httpErrors.failure('unsupported-media-type', `Send the file as application/x-ndjson or text/csv${isEncoded ? ', not compressed' : ''}.`);
    const format = /^text\/csv/i.test(headers['content-type'] ?? '') ? 'csv' : 'ndjson';
    const announced = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    return toImportObject(await this.imports.receive({ projectId, kind, format, dryRun, actor }, body, announced, context));
  }

  @Serves(list)
  async list({ query: { cursor, page_size }, caller: { projectId }, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { imports, nextBefore } = await this.rpc.call(operations.listImports, { projectId, limit: page_size, before: cursor }, context);
    return { imports: imports.map(toImportObject), next_cursor: nextBefore, page_size };
  }

  @Serves(get)
  async get({ params, caller: { projectId }, context }: RouteCall<typeof get>): Promise<ImportObject> {
    return toImportObject(await this.rpc.call(operations.getImport, { projectId, importId: importIdOf(params.import_id) }, context));
  }

  @Serves(errors)
  async errors({ params, caller: { projectId, mustStillBeAllowed }, context }: RouteCall<typeof errors>): Promise<StreamableFile> {
    const importId = importIdOf(params.import_id);
    const pages = await this.imports.errors({ projectId, importId }, context);
    return new StreamableFile(Readable.from(linesOf(whileAllowed(pages, mustStillBeAllowed))), { type: 'application/x-ndjson', disposition: `attachment; filename="import-${importId}-errors.ndjson"` });
  }

  @Serves(cancel)
  async cancel({ params, caller: { projectId, actor }, context }: RouteCall<typeof cancel>): Promise<ImportObject> {
    return toImportObject(await this.rpc.call(operations.cancelImport, { projectId, importId: importIdOf(params.import_id), actor }, context));
  }
}

async function* linesOf(pages: AsyncIterable<readonly operations.ImportError[]>): AsyncIterable<string> {
  let records = 0;
  for await (const page of pages) {
    records += page.length;
    yield page.map((error) => `${JSON.stringify(error)}\n`).join('');
  }
  yield `${JSON.stringify({ kind: 'end', records })}\n`;
}
