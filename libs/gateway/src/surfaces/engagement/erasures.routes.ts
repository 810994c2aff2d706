import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { profiles } from '#libs/contracts';
import { engagementKey } from '../../access/access-rule.js';
import { erasureJob, jobHeader, tellJob, toErasureJob } from '../../http/erasure.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Erasures } from '../../upstream/erasures.js';
import { uidParam } from './users.routes.js';

const deleteUser = route({
  surface: 'engagement',
  method: 'DELETE',
  path: '/v1/users/:uid',
  access: engagementKey('required'),
  summary: 'Erase a user everywhere',
  params: uidParam,
  answer: { status: 200, description: `Gone from every read; the rest follows. ${jobHeader}`, body: z.object({ status: z.literal('ok') }), headers: ['X-Rollcall-Job-Id'] },
  failures: { 404: 'There is no such user.' },
});

const getErasure = route({
  surface: 'engagement',
  method: 'GET',
  path: '/v1/erasures/:job_id',
  access: engagementKey('required'),
  summary: 'How far an erasure has come, and its receipts',
  params: z.object({ job_id: z.string() }),
  answer: { status: 200, description: 'The job', body: erasureJob },
  failures: { 404: 'There is no such job.' },
});

@Controller()
export class EngagementErasuresRoutes {
  constructor(private readonly erasures: Erasures) {}

  @Serves(deleteUser)
  async delete({ params, caller, context, reply }: RouteCall<typeof deleteUser>): Promise<{ status: 'ok' }> {
    const { jobId } = await this.erasures.request(caller.projectId, [{ uid: params.uid }], caller.actor, context);
    if (jobId === null) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    tellJob(reply, jobId);
    return { status: 'ok' };
  }

  @Serves(getErasure)
  async get({ params, caller, requestId }: RouteCall<typeof getErasure>): Promise<z.input<typeof erasureJob>> {
    return toErasureJob(await this.erasures.of(caller.projectId, params.job_id, requestId));
  }
}
