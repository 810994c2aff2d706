import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { operations } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { adminDeployment } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { failedJobObject, failedJobParams, jobObject, jobParams, nameOf, queueObject, runObject, toFailedJobObject, toJobObject, toRunObject } from './jobs.wire.js';

const noSuchJob = { 404: 'There is no such job.' };

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/jobs',
  access: adminDeployment('jobs:read'),
  summary: 'Scheduled work: what there is, when it ran last and runs next; and the queues',
  answer: { status: 200, description: 'All of it, by name', body: z.object({ jobs: z.array(jobObject), queues: z.array(queueObject).nullable().describe('null: the queue is out of reach') }) },
});

const get = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/jobs/:name',
  access: adminDeployment('jobs:read'),
  summary: 'One piece of scheduled work, with its last runs',
  params: jobParams,
  answer: { status: 200, description: '`runs`: up to 50, the newest first; those with nothing to do are left out', body: jobObject.extend({ runs: z.array(runObject) }) },
  failures: noSuchJob,
});

const run = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/jobs/:name/run',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'while one run waits or is under way, that one is answered' },
  summary: 'Have it run now',
  params: jobParams,
  answer: { status: 202, description: '`already: true`: one waited or was under way, and no other was made', body: z.object({ name: z.string(), run_id: z.string(), state: z.enum(['waiting', 'running']), already: z.boolean() }) },
  failures: noSuchJob,
});

const pause = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/jobs/:name/pause',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'what is paused stays so' },
  summary: 'Pause it: its time passes it by until it is resumed',
  params: jobParams,
  answer: { status: 200, description: 'It, paused; what is under way ends', body: jobObject },
  failures: noSuchJob,
});

const resume = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/jobs/:name/resume',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'what is not paused stays so' },
  summary: 'Resume it',
  params: jobParams,
  answer: { status: 200, description: 'It, as it was before', body: jobObject },
  failures: noSuchJob,
});

const listFailed = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/failed-jobs',
  access: adminDeployment('jobs:read'),
  summary: 'Jobs of the queues that were given up after all their attempts, the newest first',
  answer: { status: 200, description: 'The last 100 of each queue; they are kept for seven days', body: z.object({ failed_jobs: z.array(failedJobObject) }) },
});

const retry = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/failed-jobs/:queue/:job_id/retry',
  access: adminDeployment('jobs:write'),
  idempotencyKey: { ignored: 'what was started anew is no failed job any more' },
  summary: 'Have a job that was given up start anew',
  params: failedJobParams,
  answer: { status: 202, description: 'It waits for its turn' },
  failures: { 404: 'No job of this id was given up.' },
});

@Controller()
export class JobsRoutes {
  constructor(private readonly rpc: RpcClient) {}

  @Serves(list)
  async list({ context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const { jobs, queues } = await this.rpc.call(operations.listJobs, {}, context);
    return { jobs: jobs.map(toJobObject), queues };
  }

  @Serves(get)
  async get({ params, context }: RouteCall<typeof get>): Promise<z.output<typeof get.answer.body>> {
    const { job, runs } = await this.rpc.call(operations.getJob, { name: nameOf(params) }, context);
    return { ...toJobObject(job), runs: runs.map(toRunObject) };
  }

  @Serves(run)
  async run({ params, caller, context }: RouteCall<typeof run>): Promise<z.output<typeof run.answer.body>> {
    const name = nameOf(params);
    const { runId, state, isNew } = await this.rpc.call(operations.runJob, { name, actor: caller.actor }, context);
    return { name, run_id: runId, state, already: !isNew };
  }

  @Serves(pause)
  async pause({ params, caller, context }: RouteCall<typeof pause>): Promise<z.output<typeof jobObject>> {
    return toJobObject(await this.rpc.call(operations.pauseJob, { name: nameOf(params), isPaused: true, actor: caller.actor }, context));
  }

  @Serves(resume)
  async resume({ params, caller, context }: RouteCall<typeof resume>): Promise<z.output<typeof jobObject>> {
    return toJobObject(await this.rpc.call(operations.pauseJob, { name: nameOf(params), isPaused: false, actor: caller.actor }, context));
  }

  @Serves(listFailed)
  async listFailed({ context }: RouteCall<typeof listFailed>): Promise<z.output<typeof listFailed.answer.body>> {
    const { failedJobs } = await this.rpc.call(operations.listFailedJobs, {}, context);
    return { failed_jobs: failedJobs.map(toFailedJobObject) };
  }

  @Serves(retry)
  async retry({ params, caller, context }: RouteCall<typeof retry>): Promise<void> {
    const parsed = operations.retryFailedJob.request.safeParse({ queue: params.queue, jobId: params.job_id, actor: caller.actor });
    if (!parsed.success) throw operations.operationsErrors.failure('job-not-found', 'No job of this id was given up.');
    await this.rpc.call(operations.retryFailedJob, parsed.data, context);
  }
}
