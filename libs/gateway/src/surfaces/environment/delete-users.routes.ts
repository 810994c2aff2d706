import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { longestUid } from '#libs/contracts';
import { environmentRole } from '../../access/access-rule.js';
import { erasureJob, toErasureJob } from '../../http/erasure.wire.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Erasures } from '../../upstream/erasures.js';

const deleteUsers = route({
  surface: 'environment',
  method: 'PUT',
  path: ['/delete-users', '/v1/:project/delete-users'],
  access: environmentRole('events'),
  summary: 'Erase customers everywhere',
  body: z.object({ data: z.array(z.string().min(1).max(longestUid)).min(1, 'must name 1 to 1,000 ids').max(1_000, 'must name 1 to 1,000 ids') }),
  answer: {
    status: 200,
    description: 'Those that are scheduled, in the order asked, and those that nobody knows',
    body: z.object({ data: z.array(z.string()), unknown: z.array(z.string()), job_id: z.string().nullable() }),
  },
});

const getDeletion = route({
  surface: 'environment',
  method: 'GET',
  path: ['/delete-users/:job_id', '/v1/:project/delete-users/:job_id'],
  access: environmentRole('events'),
  summary: 'How far an erasure has come, and its receipts',
  params: z.object({ job_id: z.string() }),
  answer: {
    status: 200,
    description: 'The job',
    body: z.object({ data: erasureJob }),
  },
  failures: { 404: 'There is no such job.' },
});

@Controller()
export class DeleteUsersRoutes {
  constructor(private readonly erasures: Erasures) {}

  @Serves(deleteUsers)
  async delete({ body, caller, context }: RouteCall<typeof deleteUsers>): Promise<z.output<typeof deleteUsers.answer.body>> {
    const uids = [...new Set(body.data)];
    const { scheduled, jobId } = await this.erasures.request(caller.projectId, uids.map((uid) => ({ uid })), caller.actor, context);
    return { data: uids.filter((_, index) => scheduled[index]), unknown: uids.filter((_, index) => !scheduled[index]), job_id: jobId };
  }

  @Serves(getDeletion)
  async get({ params, caller, requestId }: RouteCall<typeof getDeletion>): Promise<z.output<typeof getDeletion.answer.body>> {
    return { data: toErasureJob(await this.erasures.of(caller.projectId, params.job_id, requestId)) };
  }
}
