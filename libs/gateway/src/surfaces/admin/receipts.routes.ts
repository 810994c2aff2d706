import { Readable } from 'node:stream';
import { Controller, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { operations } from '#libs/contracts';
import { receipt, type Receipt } from '#libs/platform/receipts';
import { RpcClient } from '#libs/platform/rpc';
import { adminDeployment, adminOfOrganisation, adminProject } from '../../access/access-rule.js';
import { receiptOf } from '../../http/erasure.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Receipts } from '../../upstream/receipts.js';
import { whileAllowed } from '../../upstream/while-allowed.js';
import { projectParams } from './management.wire.js';
import { wholeNumberMeta } from '../../http/whole-number.js';

const wholeNumber = z.string().regex(/^[1-9]\d{0,14}$/, 'must be a whole number, at least 1').transform(Number);
const pageQuery = z.object({
  cursor: wholeNumber.optional().describe('`next_cursor` of the page before'),
  limit: z.string().regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100').transform(Number).default(50).describe('1 to 100').meta(wholeNumberMeta(1, 100, 50)),
});
const page = { status: 200, description: 'One page', body: z.object({ receipts: z.array(receipt), next_cursor: z.string().nullable(), limit: z.number().int() }) } as const;

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/receipts',
  access: adminDeployment('receipts:read'),
  summary: 'List receipts of erasures and of removals from the disk, newest first',
  query: pageQuery.extend({ kind: z.enum(['erasure', 'removal']).optional() }),
  answer: page,
});

const ofProject = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/receipts',
  access: adminProject('project:administer'),
  summary: 'List receipts of the erasures of a project’s users, newest first',
  params: projectParams,
  query: pageQuery,
  answer: page,
  failures: { 404: 'There is no such project.' },
});

const ofOrganisation = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/orgs/:org_id/receipts',
  access: adminOfOrganisation('staff:delete'),
  summary: 'List receipts of the erasures of an organisation’s people, newest first',
  params: z.object({ org_id: z.string() }),
  query: pageQuery,
  answer: page,
  failures: { 404: 'There is no such organisation.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/receipts/:sequence',
  access: adminDeployment('receipts:read'),
  summary: 'Download one receipt, as it can be verified',
  params: z.object({ sequence: z.string() }),
  answer: { status: 200, description: 'The receipt, in canonical JSON (RFC 8785)', stream: 'application/json' },
  failures: { 404: 'There is no such receipt.' },
});

const chain = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/receipts/export',
  access: adminDeployment('receipts:read'),
  summary: 'Download the chain of all receipts, as it can be verified',
  query: z.object({ after: wholeNumber.optional().describe('A sequence: only receipts after it') }),
  answer: { status: 200, description: 'One receipt a line, oldest first', stream: 'application/x-ndjson' },
});

const verify = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/receipts/verification',
  access: adminDeployment('receipts:read'),
  summary: 'Verify the chain of all receipts',
  answer: {
    status: 200,
    description: 'Whether every receipt is as it was signed and none is missing',
    body: z.object({
      valid: z.boolean(),
      receipts: z.number().int(),
      first: z.number().int().nullable(),
      last: z.number().int().nullable(),
      last_hash: z.string().nullable().describe('Keep it elsewhere: a chain that ends with it later was not cut off'),
      problem: z.string().nullable(),
      at: z.number().int().nullable().describe('Place of the first receipt that is wrong'),
    }),
  },
});

const rotate = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/receipt-keys/rotate',
  access: adminDeployment('receipts:write'),
  idempotencyKey: { ignored: 'one key more does no harm, and the keys there are are public' },
  summary: 'Make a new key, which signs receipts from now on; earlier ones stay published',
  body: z.strictObject({}).optional(),
  answer: { status: 201, description: 'The new key', body: z.object({ kid: z.string(), created_at: z.string() }) },
});

@Controller()
export class ReceiptsRoutes {
  constructor(
    private readonly receipts: Receipts,
    private readonly rpc: RpcClient,
  ) {}

  @Serves(list)
  async list({ query: { kind, ...query }, requestId }: RouteCall<typeof list>) {
    return this.page({ kind }, query, requestId);
  }

  @Serves(ofProject)
  async ofProject({ query, caller: { projectId }, requestId }: RouteCall<typeof ofProject>) {
    return this.page({ realmId: projectId }, query, requestId);
  }

  @Serves(ofOrganisation)
  async ofOrganisation({ query, caller: { organisationId }, requestId }: RouteCall<typeof ofOrganisation>) {
    return this.page({ organisationId }, query, requestId);
  }

  @Serves(chain)
  async chain({ query, caller: { mustStillBeAllowed }, requestId }: RouteCall<typeof chain>): Promise<StreamableFile> {
    const lines = await this.receipts.download(query.after ?? 0, requestId);
    return new StreamableFile(Readable.from(whileAllowed(lines, mustStillBeAllowed)), { type: 'application/x-ndjson', disposition: 'attachment; filename="receipts.ndjson"' });
  }

  @Serves(verify)
  async verify({ requestId }: RouteCall<typeof verify>): Promise<z.output<typeof verify.answer.body>> {
    const { lastHash, ...report } = await this.receipts.verify(requestId);
    return { ...report, last_hash: lastHash };
  }

  @Serves(get)
  async get({ params, requestId }: RouteCall<typeof get>): Promise<StreamableFile> {
    if (!wholeNumber.safeParse(params.sequence).success) throw operations.operationsErrors.failure('receipt-not-found', 'There is no such receipt.');
    const text = await this.receipts.get(Number(params.sequence), requestId);
    return new StreamableFile(Buffer.from(text), { type: 'application/json', disposition: `attachment; filename="receipt-${params.sequence}.json"` });
  }

  @Serves(rotate)
  async rotate({ caller, context }: RouteCall<typeof rotate>): Promise<z.output<typeof rotate.answer.body>> {
    const { kid, createdAt } = await this.rpc.call(operations.rotateReceiptKey, { actor: caller.actor }, context);
    return { kid, created_at: createdAt };
  }

  private async page(of: { realmId?: string; organisationId?: string; kind?: Receipt['kind'] | undefined }, { cursor, limit }: z.output<typeof pageQuery>, requestId: string): Promise<z.input<typeof page.body>> {
    const { receipts, nextBefore } = await this.receipts.list({ ...of, before: cursor, limit }, requestId);
    return { receipts: receipts.map((text) => receiptOf(text)), next_cursor: nextBefore === null ? null : String(nextBefore), limit };
  }
}
