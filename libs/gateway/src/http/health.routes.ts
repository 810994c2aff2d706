import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import type { ConfigValues } from '#libs/platform/config';
import { runtimeConfig } from '#libs/platform/runtime';
import { HealthReport, isOperator, Readiness } from '#libs/platform/telemetry';
import { anyone } from '../access/access-rule.js';
import { route, type RouteCall } from './route.js';
import { Serves } from './serves.js';

const live = route({
  surface: 'deployment',
  method: 'GET',
  path: '/health/live',
  access: anyone,
  summary: 'Whether the process runs',
  answer: { status: 200, description: 'It does', body: z.object({ status: z.literal('live') }) },
});

const readyBody = z.object({
  status: z.enum(['ready', 'unready']),
  dependencies: z.array(z.object({ name: z.string(), ready: z.boolean(), reason: z.string().optional() })).optional(),
});

const ready = route({
  surface: 'deployment',
  method: 'GET',
  path: '/health/ready',
  access: anyone,
  summary: 'Whether every request can be served; each dependency is named to callers on this host or with the health token',
  query: z.object({
    scope: z.enum(['platform', 'process'], { error: 'must be platform or process' }).default('platform').describe('`process`: only whether this gateway can work, whatever the services behind it can; for balancers, which would take every gateway out at once'),
  }),
  answer: { status: 200, description: 'Ready', body: readyBody, headers: ['Cache-Control'] },
  otherAnswers: { 503: { description: 'Unready', body: readyBody, headers: ['Cache-Control'] } },
});

@Controller()
export class HealthRoutes {
  constructor(
    private readonly report: HealthReport,
    private readonly own: Readiness,
    @Inject(runtimeConfig.token) private readonly config: ConfigValues<typeof runtimeConfig>,
  ) {}

  @Serves(live)
  live(_call: RouteCall<typeof live>): Promise<{ status: 'live' }> {
    return Promise.resolve({ status: 'live' });
  }

  @Serves(ready)
  async ready({ query, http, reply, requestId }: RouteCall<typeof ready>): Promise<z.output<typeof readyBody>> {
    const dependencies = await (query.scope === 'process' ? this.own.check() : this.report.dependencies(requestId));
    const isReady = dependencies.every((dependency) => dependency.ready);
    void reply.status(isReady ? 200 : 503).header('cache-control', 'no-store');
    return { status: isReady ? 'ready' : 'unready', ...(isOperator({ address: http.socket.remoteAddress, headers: http.headers }, this.config.HEALTH_TOKEN) ? { dependencies } : {}) };
  }
}
