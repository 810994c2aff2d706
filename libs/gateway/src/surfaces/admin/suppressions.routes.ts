import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { longestUid, profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { pageFields, pageQuery, projectParams } from './management.wire.js';

const wireKinds = { 'external-id': 'uid', email: 'email', 'user-name': 'user_name' } as const;

const suppressionObject = z.object({
  suppression_id: z.string().describe('A keyed hash of the name'),
  kind: z.enum(['uid', 'email', 'user_name']).describe('What the name was'),
  suppressed_at: z.string(),
  job_id: z.string().describe('The erasure; its receipt has it as `erasure_id`'),
});
type SuppressionObject = z.output<typeof suppressionObject>;

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/projects/:project_id/suppressions',
  access: adminProject('project:administer'),
  summary: 'List the names of erased users under which nobody comes back by a late write, newest first',
  params: projectParams,
  query: pageQuery,
  answer: { status: 200, description: 'One page', body: z.object({ suppressions: z.array(suppressionObject), ...pageFields }) },
  failures: { 404: 'There is no such project.' },
});

const check = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/suppressions/check',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'nothing is changed' },
  summary: 'Whether a user was erased and is suppressed, and since when',
  params: projectParams,
  example: { uid: 'ada' },
  body: z
    .strictObject({
      uid: z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(longestUid, `must not be longer than ${longestUid} characters`).optional().describe('An external id; also an email or a user name'),
      user_id: z.uuid('must be the id of a user').optional(),
    })
    .refine(({ uid, user_id }) => (uid === undefined) !== (user_id === undefined), { message: 'give either uid or user_id', path: ['uid'] }),
  answer: {
    status: 200,
    description: '`suppressions`: all names of theirs that are suppressed, up to 100. A `user_id` stays suppressed for good',
    body: z.object({ suppressed: z.boolean(), since: z.string().nullable(), suppressions: z.array(suppressionObject) }),
  },
  failures: { 404: 'There is no such project.' },
});

const lift = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/projects/:project_id/suppressions/:suppression_id',
  access: adminProject('project:administer'),
  summary: 'Lift a suppression, and those of the other names of the same user: they may be made anew',
  params: projectParams.extend({ suppression_id: z.string() }),
  answer: { status: 204, description: 'It is lifted' },
  failures: { 404: 'There is no such project or suppression.', 409: 'The user is still being erased.' },
});

@Controller()
export class SuppressionsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { suppressions, nextCursor } = await this.rpc.call(profiles.listSuppressions, { realmId: caller.projectId, limit: query.page_size, cursor: query.cursor }, context);
    return { suppressions: suppressions.map(toSuppressionObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(check)
  async check({ body, caller, context }: RouteCall<typeof check>): Promise<z.output<typeof check.answer.body>> {
    const user = body.user_id === undefined ? { uid: body.uid ?? '' } : { userId: body.user_id };
    const { since, suppressions } = await this.rpc.call(profiles.checkSuppression, { realmId: caller.projectId, user }, context);
    return { suppressed: since !== null, since, suppressions: suppressions.map(toSuppressionObject) };
  }

  @Serves(lift)
  async lift({ params, caller, context }: RouteCall<typeof lift>): Promise<void> {
    await this.rpc.call(profiles.liftSuppression, { realmId: caller.projectId, nameHash: nameHashOf(params.suppression_id), actor: caller.actor }, context);
  }
}

/** What is no hash is no suppression. */
function nameHashOf(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw profiles.profilesErrors.failure('suppression-not-found', 'There is no such suppression.');
  return text;
}

function toSuppressionObject({ nameHash, kind, suppressedAt, erasureId }: profiles.Suppression): SuppressionObject {
  return { suppression_id: nameHash, kind: wireKinds[kind], suppressed_at: suppressedAt, job_id: erasureId };
}
