import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { membership, operations, staffRealmId } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { adminAnywhere } from '../../access/access-rule.js';
import { standingAt } from '../../access/admin-access.js';
import type { Admin } from '../../access/admin.js';
import { erasureJob, tellJob, toErasureJob } from '../../http/erasure.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Erasures, type Erasure } from '../../upstream/erasures.js';
import { userIdOf } from '../../upstream/members.js';
import { userParams, viewerOf } from './user.wire.js';

const erase = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/users/:user_id/erase',
  access: adminAnywhere,
  idempotencyKey: { ignored: 'nobody is erased twice' },
  summary: 'Erase somebody for good, in every service',
  params: userParams,
  answer: { status: 202, description: 'They are gone, and a job erases what there is of them; `Location` is where to look at it', body: z.object({ job_id: z.string().nullable(), state: z.literal('scheduled') }), headers: ['Location', 'X-Rollcall-Job-Id'] },
  failures: { 404: 'There is no such user, or nothing that you share.', 409: 'The last org_admin of an organisation and the last super_admin stay.' },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/erasures/:job_id',
  access: adminAnywhere,
  summary: 'How far an erasure has come, service by service, and its receipts: of users of a project for its administrators, of staff for those who may erase people of their organisation',
  params: z.object({ job_id: z.string() }),
  answer: {
    status: 200,
    description: 'The job',
    body: erasureJob.extend({
      project_id: z.string().nullable().describe('null: they were staff'),
      users: z.number().int(),
      requested_at: z.string(),
      finished_at: z.string().nullable(),
      services: z.array(z.object({ service: z.enum(operations.erasureServices), state: operations.erasurePart.shape.state, attempts: z.number().int(), finished_at: z.string().nullable() })),
    }),
  },
  failures: { 404: 'There is no such job, or it is not yours to see.' },
});

@Controller()
export class ErasuresRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly erasures: Erasures,
  ) {}

  /** Deleting comes first: it decides whether they may be, and what breaks off in between leaves somebody who is deleted. */
  @Serves(erase)
  async erase({ params, caller, context, reply }: RouteCall<typeof erase>): Promise<z.output<typeof erase.answer.body>> {
    const userId = userIdOf(params.user_id);
    await this.rpc.call(membership.deleteStaff, { userId, viewer: viewerOf(caller.admin), actor: caller.actor }, context);
    const { jobId } = await this.erasures.request(staffRealmId, [{ userId }], caller.actor, context);
    tellJob(reply, jobId);
    if (jobId !== null) void reply.header('location', `/v1/admin/erasures/${jobId}`);
    return { job_id: jobId, state: 'scheduled' };
  }

  @Serves(get)
  async get({ params, caller, requestId }: RouteCall<typeof get>): Promise<z.input<typeof get.answer.body>> {
    const erasure = await this.erasures.ofAny(params.job_id, requestId);
    if (!(await mayLookAt(erasure, caller.admin))) throw operations.operationsErrors.failure('job-not-found', 'There is no such job.');
    const { realmId, users, requestedAt, finishedAt, services } = erasure;
    return {
      ...toErasureJob(erasure),
      project_id: realmId === staffRealmId ? null : realmId,
      users,
      requested_at: requestedAt,
      finished_at: finishedAt,
      services: services.map(({ finishedAt: at, ...part }) => ({ ...part, finished_at: at })),
    };
  }
}

/** Who may look at it is who sees its receipt in a list: in that of the deployment, of the project, or of an organisation. */
async function mayLookAt({ realmId, organisationIds }: Erasure, admin: Admin): Promise<boolean> {
  if ((await admin.at({ level: 'deployment' })).permissions.includes('receipts:read')) return true;
  if (realmId !== staffRealmId) return isAllowed(standingAt(admin, { level: 'project', projectId: realmId }, 'project:administer'));
  for (const organisationId of organisationIds) {
    if (await isAllowed(standingAt(admin, { level: 'organisation', organisationId }, 'staff:delete'))) return true;
  }
  return false;
}

/** Somebody who is refused learns no more than that there is no such job. */
async function isAllowed(standing: Promise<unknown>): Promise<boolean> {
  return standing.then(
    () => true,
    (error: unknown) => {
      if (isFailure(error, 'permission-missing') || isFailure(error, 'project-not-found') || isFailure(error, 'organisation-not-found')) return false;
      throw error;
    },
  );
}
