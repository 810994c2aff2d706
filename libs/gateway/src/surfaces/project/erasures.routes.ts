import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { membership, profiles } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { projectPermission } from '../../access/access-rule.js';
import { erasureJob, jobHeader, tellJob, toErasureJob } from '../../http/erasure.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Erasures } from '../../upstream/erasures.js';
import { ProjectUsers } from '../../upstream/project-users.js';
import { grantorOf, userIdOf, userParams } from './user-addresses.js';

const remove = route({
  surface: 'project',
  method: 'DELETE',
  path: '/:project/users/:id',
  access: projectPermission('users:delete'),
  summary: 'Erase a user everywhere; staff lose the role that they were given in the project',
  params: userParams,
  answer: { status: 204, description: `The user is gone. ${jobHeader}; of staff there is none`, headers: ['X-Rollcall-Job-Id'] },
  failures: { 404: 'There is no such project or user.', 409: 'A staff member’s role comes from their team, organisation or the deployment.' },
});

const getErasure = route({
  surface: 'project',
  method: 'GET',
  path: '/:project/erasures/:job_id',
  access: projectPermission('users:delete'),
  summary: 'How far an erasure has come, and its receipts',
  params: z.object({ project: z.string(), job_id: z.string() }),
  answer: { status: 200, description: 'The job', body: erasureJob },
  failures: { 404: 'There is no such project or job.' },
});

@Controller()
export class ProjectErasuresRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly users: ProjectUsers,
    private readonly erasures: Erasures,
  ) {}

  @Serves(remove)
  async remove({ params, caller, requestId, context, reply }: RouteCall<typeof remove>): Promise<void> {
    const { projectId } = caller;
    const { user, staffRoles } = await this.users.get(projectId, userIdOf(params), requestId);
    const { userId } = user;
    const grantor = grantorOf(caller);
    if (staffRoles !== undefined) return void (await this.rpc.call(membership.removeStaffFromProject, { projectId, userId, grantor }, context));
    await this.rpc.call(membership.checkRank, { projectId, userId, grantor }, context);
    const { jobId } = await this.erasures.request(projectId, [{ userId }], caller.actor, context);
    if (jobId === null) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    tellJob(reply, jobId);
  }

  @Serves(getErasure)
  async get({ params, caller, requestId }: RouteCall<typeof getErasure>): Promise<z.input<typeof erasureJob>> {
    return toErasureJob(await this.erasures.of(caller.projectId, params.job_id, requestId));
  }
}
