import { Controller } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { nameText, pageFields, pageQuery, projectParams } from './management.wire.js';

const segmentParams = projectParams.extend({ segment_id: z.string() });
const segmentObject = z.object({
  segment_id: z.string(),
  name: z.string(),
  rule: z.record(z.string(), z.unknown()).describe('As it was given'),
  state: z.enum(['computing', 'ready']).describe('computing until every user was looked at since the rule last changed'),
  progress: z.object({
    evaluated: z.number().int().describe('Users that the last look at all has been at'),
    total: z.number().int().describe('Users there were when it began'),
    evaluated_at: z.string().nullable().describe('When the last one ended'),
  }),
  created_at: z.string(),
  modified_at: z.string(),
});
type SegmentObject = z.output<typeof segmentObject>;
const segmentWithMembers = segmentObject.extend({ members: z.number().int().describe('Users who are in it') });
type SegmentWithMembers = z.output<typeof segmentWithMembers>;

// Not `z.record`, which would drop a key `__proto__` without a word. What the rule says is checked where it is understood.
const ruleObject = z
  .unknown()
  .refine((rule) => typeof rule === 'object' && rule !== null && !Array.isArray(rule), 'must be an object of conditions')
  .meta({ type: 'object' });

const create = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/segments',
  access: adminProject('segments:write'),
  idempotencyKey: 'honoured',
  summary: 'Make a segment: users who fit a rule',
  params: projectParams,
  body: z.strictObject({ name: nameText, rule: ruleObject }),
  answer: { status: 201, description: 'The segment', body: segmentObject },
  failures: { 404: 'There is no such project.', 409: 'The project has as many segments as it may have.' },
});

const preview = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/segments/preview',
  access: adminProject('users:read'),
  idempotencyKey: { ignored: 'nothing is changed' },
  summary: 'Count the users whom a rule would find, without making a segment',
  params: projectParams,
  body: z.strictObject({ rule: ruleObject }),
  answer: { status: 200, description: 'How many there are now', body: z.object({ count: z.number().int() }) },
  failures: { 404: 'There is no such project.', 409: 'The project has too many users for the rule to be counted at once.' },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/segments',
  access: adminProject('users:read'),
  summary: 'List the segments, newest first',
  params: projectParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ segments: z.array(segmentObject), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/segments/:segment_id',
  access: adminProject('users:read'),
  summary: 'Get a segment, how far its members are computed, and how many there are',
  params: segmentParams,
  answer: { status: 200, description: 'The segment', body: segmentWithMembers },
  failures: { 404: 'There is no such project or segment.' },
});

const change = route({
  surface: 'admin',
  method: 'PATCH',
  path: '/v1/admin/projects/:project_id/segments/:segment_id',
  access: adminProject('segments:write'),
  summary: 'Rename a segment, or give it another rule',
  params: segmentParams,
  body: z.strictObject({ name: nameText.nullish(), rule: z.union([z.null(), ruleObject]).optional() }),
  answer: { status: 200, description: 'The segment', body: segmentObject },
  failures: { 404: 'There is no such project or segment.' },
});

const remove = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/segments/:segment_id',
  access: adminProject('segments:write'),
  summary: 'Remove a segment',
  params: segmentParams,
  answer: { status: 204, description: 'It is gone' },
  failures: { 404: 'There is no such project or segment.' },
});

@Controller()
export class SegmentsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(create)
  async create({ body, caller, context }: RouteCall<typeof create>): Promise<SegmentObject> {
    return toSegmentObject(await this.rpc.call(profiles.createSegment, { realmId: caller.projectId, segmentId: newId(), name: body.name, rule: body.rule, actor: caller.actor }, context));
  }

  @Serves(preview)
  async preview({ body, caller, requestId }: RouteCall<typeof preview>): Promise<{ count: number }> {
    return this.rpc.call(profiles.previewSegment, { realmId: caller.projectId, rule: body.rule }, { requestId });
  }

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { segments, nextCursor } = await this.rpc.call(profiles.listSegments, { realmId: caller.projectId, limit: query.page_size, cursor: query.cursor }, context);
    return { segments: segments.map(toSegmentObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(get)
  async get({ params, caller, context }: RouteCall<typeof get>): Promise<SegmentWithMembers> {
    const { segment, members } = await this.rpc.call(profiles.getSegment, { realmId: caller.projectId, segmentId: segmentIdOf(params.segment_id) }, context);
    return { ...toSegmentObject(segment), members };
  }

  @Serves(change)
  async change({ params, body, caller, context }: RouteCall<typeof change>): Promise<SegmentObject> {
    const changes = { name: body.name ?? undefined, rule: body.rule ?? undefined };
    return toSegmentObject(await this.rpc.call(profiles.updateSegment, { realmId: caller.projectId, segmentId: segmentIdOf(params.segment_id), ...changes, actor: caller.actor }, context));
  }

  @Serves(remove)
  async remove({ params, caller, context }: RouteCall<typeof remove>): Promise<void> {
    await this.rpc.call(profiles.removeSegment, { realmId: caller.projectId, segmentId: segmentIdOf(params.segment_id), actor: caller.actor }, context);
  }
}

/** What is no id is no segment. */
function segmentIdOf(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (!parsed.success) throw profiles.profilesErrors.failure('segment-not-found', 'There is no such segment.');
  return parsed.data.toLowerCase();
}

function toSegmentObject({ segmentId, name, rule, state, evaluated, total, evaluatedAt, createdAt, modifiedAt }: profiles.Segment): SegmentObject {
  const progress = { evaluated, total, evaluated_at: evaluatedAt };
  return { segment_id: segmentId, name, rule: rule as Record<string, unknown>, state, progress, created_at: createdAt, modified_at: modifiedAt };
}
